namespace Engram;

/// <summary>Whole Jacobians, one product with a unit vector at a time: rows in reverse mode, columns in forward mode.</summary>
internal static class JacobianAssembly
{
    /// <summary>J of shape [output shape..., input shape...].</summary>
    public static Tensor Jacobian(this Trace trace)
    {
        var (y, x) = (trace.Output, trace.Input);
        if (!y.requires_grad || y.numel() == 0 || x.numel() == 0) return Zeros(y, x);
        // A forward sweep runs through a graph about twice as large.
        return 2 * x.numel() < y.numel() ? Columns(trace) : Rows(y, x, trace.Attached);
    }

    /// <summary>∂y/∂x of shape [shape of y..., shape of x...], row by row.</summary>
    public static Tensor Rows(Tensor y, Tensor x, bool record)
    {
        if (!y.requires_grad || y.numel() == 0 || x.numel() == 0) return Zeros(y, x);
        return torch.stack([.. EachRow(y, x, record)]).reshape([.. y.shape, .. x.shape]);
    }

    /// <summary>Σ ∂yᵢ/∂xᵢ for y of the shape of x, never holding more than one row.</summary>
    public static Tensor Trace(Tensor y, Tensor x, bool record)
    {
        if (!y.requires_grad || y.numel() == 0) return torch.zeros([], dtype: x.dtype, device: x.device);
        var diagonal = new List<Tensor>();
        foreach (var row in EachRow(y, x, record))
        {
            diagonal.Add(row.reshape(-1)[diagonal.Count].clone());
            row.Dispose();
        }

        return torch.stack(diagonal).sum();
    }

    private static Tensor Columns(Trace trace)
    {
        var (y, x) = (trace.Output, trace.Input);
        var u = torch.zeros_like(y).requires_grad_();
        // Linear in u, so that its derivative by u is the transposed Jacobian.
        var rows = Rows(trace.Pull(u, record: true), u, trace.Attached);
        return rows.reshape(x.numel(), y.numel()).t().reshape([.. y.shape, .. x.shape]);
    }

    private static IEnumerable<Tensor> EachRow(Tensor y, Tensor x, bool record)
    {
        var outputs = y.reshape(-1);
        var one = torch.ones([], dtype: y.dtype, device: y.device);
        for (long i = 0; i < outputs.numel(); i++)
        {
            using var output = outputs[i];
            yield return GuardedGradient.Product(output, x, one, keepGraph: true, record);
        }
    }

    private static Tensor Zeros(Tensor y, Tensor x) =>
        torch.zeros([.. y.shape, .. x.shape], dtype: x.dtype, device: x.device);
}

namespace Engram;

/// <summary>Whole Jacobians, one product with a unit vector at a time: rows in reverse mode, columns in forward mode.</summary>
internal static class Jacobians
{
    /// <summary>∂y/∂x of shape [shape of y..., shape of x...], row by row.</summary>
    public static Tensor Rows(Tensor y, Tensor x, bool record) =>
        y.requires_grad && y.numel() > 0
            ? torch.stack([.. EachRow(y, x, record)]).reshape([.. y.shape, .. x.shape])
            : torch.zeros([.. y.shape, .. x.shape], dtype: x.dtype, device: x.device);

    /// <summary>The same, column by column: uᵀJ is linear in u, so that its derivative by u is the transposed Jacobian.</summary>
    public static Tensor Columns(Tensor y, Tensor x, bool record)
    {
        var u = torch.zeros_like(y).requires_grad_();
        var pulled = GuardedGradient.Product(y, x, u, keepGraph: true, record: true);
        var columns = Rows(pulled, u, record);
        return columns.reshape(x.numel(), y.numel()).t().reshape([.. y.shape, .. x.shape]).to(x.dtype);
    }

    /// <summary>Σ ∂yᵢ/∂xᵢ for y of the shape of x, never holding more than one row.</summary>
    public static Tensor Trace(Tensor y, Tensor x, bool record)
    {
        var trace = torch.zeros([], dtype: x.dtype, device: x.device);
        if (!y.requires_grad) return trace;
        long i = 0;
        foreach (var row in EachRow(y, x, record))
            using (row)
                trace = trace + row.reshape(-1)[i++];
        return trace;
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
}

namespace Engram;

/// <summary>Gradients of sums, with every case on which libtorch would end the process settled before it is asked.</summary>
internal static class Gradients
{
    /// <summary>∂/∂x of the sum of f(x), with a graph where x, or what f captures, asks for gradients.</summary>
    public static Tensor OfSum(Func<Tensor, Tensor> f, Tensor x)
    {
        var keepGraph = torch.is_grad_enabled() && (x.requires_grad || f(x).requires_grad);
        using var enabled = torch.enable_grad();
        var input = keepGraph && x.requires_grad ? x : x.detach().requires_grad_();
        return OfSum(f(input), [input], keepGraph)[0];
    }

    /// <summary>∂/∂xᵢ of the sum of a value, zeros where the value does not depend on xᵢ.</summary>
    public static Tensor[] OfSum(Tensor value, IReadOnlyList<Tensor> inputs, bool keepGraph)
    {
        Guard.Floating(value);
        if (!value.requires_grad) return [.. inputs.Select(x => x.zeros_like())];

        var gradients = torch.autograd.grad(
            [value.sum()], [.. inputs], grad_outputs: null,
            retain_graph: keepGraph, create_graph: keepGraph, allow_unused: true);
        return [.. gradients.Select((g, i) => g is null || g.IsInvalid ? inputs[i].zeros_like() : g)];
    }
}

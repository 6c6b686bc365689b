namespace Engram;

/// <summary>Gradients of sums by reverse mode.</summary>
internal static class Gradients
{
    /// <summary>∂/∂x of the sum of f(x), with a graph where x, or what f captures, asks for gradients.</summary>
    public static Tensor OfSum(Func<Tensor, Tensor> f, Tensor x)
    {
        var record = torch.is_grad_enabled() && (x.requires_grad || f(x).requires_grad);
        using var enabled = torch.enable_grad();
        var input = record && x.requires_grad ? x.alias() : x.detach().requires_grad_();
        return OfSum(f(input), input, record);
    }

    /// <summary>∂/∂x of the sum of a value that was computed from x, zeros where it was not.</summary>
    public static Tensor OfSum(Tensor value, Tensor x, bool record)
    {
        var sum = Guard.Floating(value).sum();
        return GuardedGradient.Product(sum, x, sum.detach().ones_like(), keepGraph: false, record);
    }
}

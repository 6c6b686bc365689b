namespace Engram;

/// <summary>Gradients of a function of rows by autodiff: those of the sum, since rows do not see each other.</summary>
internal static class RowGradient
{
    /// <summary>The value [...] and gradient [..., D] of a function [..., D] → [...].</summary>
    public static EnergyGradient Of(Func<Tensor, Tensor> function, Tensor state)
    {
        using var grad = enable_grad();
        return Scope.Run(
            () =>
            {
                var leaf = state.detach().requires_grad_();
                var value = Check(function(leaf), leaf);
                var gradient = value.requires_grad ? Gradient(value, leaf) : zeros_like(state);
                return new EnergyGradient(value.detach(), gradient);
            },
            result => [result.Value, result.Gradient]);
    }

    /// <summary>Checks that a function has answered one number for each state.</summary>
    public static Tensor Check(Tensor value, Tensor state)
    {
        Guard.Like(Guard.Floating(value, "the energy"), state, "the energy", "the state");
        return value.shape.SequenceEqual(state.shape[..^1])
            ? value
            : throw new ArgumentException(
                $"The energy has shape {Guard.Shape(value)} for states {Guard.Shape(state)}; one number for each state, " +
                $"[{string.Join(", ", state.shape[..^1])}], is wanted.");
    }

    private static Tensor Gradient(Tensor value, Tensor leaf)
    {
        var gradient = autograd.grad([value.sum()], [leaf], allow_unused: true)[0];
        return gradient is null || gradient.IsInvalid ? zeros_like(leaf) : gradient;
    }
}

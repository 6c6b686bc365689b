namespace Engram;

/// <summary>Gradients of a function of rows by autodiff: those of the sum, since rows do not see each other.</summary>
internal static class RowGradient
{
    /// <summary>The value [...] and gradient [..., D] of a function [..., D] → [...].</summary>
    public static EnergyGradient Of(Func<Tensor, Tensor> function, Tensor state)
    {
        using var ones = torch.ones(state.shape[..^1], state.dtype, state.device);
        var result = Diff.FJacobianTv(x => Check(function(x), x))(state, ones);
        return new EnergyGradient(result.Value, result.Product);
    }

    /// <summary>Checks that a function has answered one number for each state.</summary>
    public static Tensor Check(Tensor value, Tensor state)
    {
        Guard.Floating(value, "the energy");
        Guard.Like(value, state, "the energy", "the state");
        return value.shape.SequenceEqual(state.shape[..^1])
            ? value
            : throw new ArgumentException(
                $"The energy has shape {Guard.Shape(value)} for states {Guard.Shape(state)}; one number for each state, " +
                $"[{string.Join(", ", state.shape[..^1])}], is wanted.");
    }
}

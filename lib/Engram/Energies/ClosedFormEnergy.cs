namespace Engram;

/// <summary>An energy that knows its gradient; it checks at the door, then works on rows.</summary>
public abstract class ClosedFormEnergy : IEnergy
{
    private protected ClosedFormEnergy(long dimension, ScalarType dtype, Device device)
    {
        Dimension = dimension;
        DType = dtype;
        Device = device;
    }

    /// <summary>D, the size of a state.</summary>
    public long Dimension { get; }

    /// <summary>The dtype that states must have.</summary>
    public ScalarType DType { get; }

    /// <summary>The device on which states must live.</summary>
    public Device Device { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, or NaN or infinite values.</exception>
    public Tensor Value(Tensor state)
    {
        Check(state);
        return Scope.Run(() => ValueRows(state.reshape(-1, Dimension)).reshape(state.shape[..^1]));
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">Wrong D, dtype or device, or NaN or infinite values.</exception>
    public EnergyGradient ValueAndGradient(Tensor state)
    {
        Check(state);
        var (value, gradient) = Scope.Run(() =>
        {
            var (v, g) = ValueAndGradientRows(state.reshape(-1, Dimension));
            return (v.reshape(state.shape[..^1]), g.reshape(state.shape));
        });
        return new EnergyGradient(value, gradient);
    }

    /// <summary>Checks states at the door.</summary>
    internal void Check(Tensor state)
    {
        Guard.Vectors(state, Dimension);
        if (state.dtype != DType)
            throw new ArgumentException($"state has dtype {state.dtype}; that of the energy, {DType}, is wanted.", nameof(state));
        if (state.device_type != Device.type)
            throw new ArgumentException(
                $"state lives on {state.device}; the device of the energy, {Device}, is wanted.", nameof(state));
    }

    /// <summary>E of rows [N, D], unchecked: [N].</summary>
    internal abstract Tensor ValueRows(Tensor states);

    /// <summary>E and its gradient of rows [N, D], unchecked: [N] and [N, D].</summary>
    internal abstract (Tensor Value, Tensor Gradient) ValueAndGradientRows(Tensor states);

    /// <summary>A whole descent in one loop, or null where the energy has none that fits.</summary>
    internal virtual Descent? FastDescent(Tensor state, DescentOptions options, CancellationToken cancellation) => null;
}

namespace Engram;

/// <summary>The law by which random frequencies are drawn.</summary>
public enum FrequencyLaw
{
    /// <summary>Independent standard normal rows.</summary>
    Gaussian,

    /// <summary>Rows orthogonal in blocks of D, with the lengths of standard normal rows.</summary>
    Orthogonal,
}

/// <summary>All that is needed to make frequencies again: they are a function of it.</summary>
/// <param name="Key">The key they are drawn from.</param>
/// <param name="Law">The law they are drawn by.</param>
/// <param name="Features">Y, their number.</param>
/// <param name="Dimension">D, their size.</param>
public sealed record FrequencyOrigin(PrngKey Key, FrequencyLaw Law, long Features, long Dimension)
{
    /// <summary>Draws the frequencies, float32, shape [Y, D].</summary>
    /// <param name="device">Where they go; the CPU by default.</param>
    public Tensor Draw(Device? device = null) =>
        Law == FrequencyLaw.Gaussian
            ? Frequencies.Gaussian(Key, Features, Dimension, device)
            : Frequencies.Orthogonal(Key, Features, Dimension, device);
}

namespace Engram.Charts;

/// <summary>A range of an axis or of a colour scale.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>The interval from −<paramref name="bound"/> to <paramref name="bound"/>.</summary>
    /// <param name="bound">Greater than zero.</param>
    public static Interval Symmetric(double bound) => new(-bound, bound);

    /// <summary>The smallest interval that holds both.</summary>
    internal static Interval Union(Interval a, Interval b) => new(Math.Min(a.Low, b.Low), Math.Max(a.High, b.High));

    /// <summary>Both ends moved out by a share of the length.</summary>
    internal Interval Padded(double share)
    {
        var pad = High > Low ? (High - Low) * share : 0.5;
        return new(Low - pad, High + pad);
    }
}

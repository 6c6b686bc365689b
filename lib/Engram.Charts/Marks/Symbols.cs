namespace Engram.Charts;

/// <summary>The course's symbols as Plotly's own text: Unicode and a few HTML tags, no MathJax.</summary>
public static class Symbols
{
    /// <summary>E_β(v; Ξ).</summary>
    public const string ExactEnergy = "E<sub>β</sub>(v; Ξ)";

    /// <summary>Ẽ_β(v; T).</summary>
    public const string ApproximateEnergy = "Ẽ<sub>β</sub>(v; T)";

    /// <summary>κ(x, ξ^μ).</summary>
    public const string Kernel = "κ(x, ξ<sup>μ</sup>)";

    /// <summary>⟨Φ(x), Φ(ξ^μ)⟩.</summary>
    public const string KernelApproximation = "⟨Φ(x), Φ(ξ<sup>μ</sup>)⟩";

    /// <summary>The legend's name of exact descents.</summary>
    public const string ExactGradient = "exact gradient ∇E<sub>β</sub>";

    /// <summary>The legend's name of approximate descents.</summary>
    public const string ApproximateGradient = "approximate gradient ∇Ẽ<sub>β</sub>";

    /// <summary>β = value.</summary>
    /// <param name="inverseTemperature">β.</param>
    public static string Beta(double inverseTemperature) =>
        "β = " + inverseTemperature.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture);
}

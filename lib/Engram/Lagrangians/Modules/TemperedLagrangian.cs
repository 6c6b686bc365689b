using TorchSharp.Modules;

namespace Engram;

/// <summary>A Lagrangian with a learnable inverse temperature β, which is clamped from below.</summary>
public abstract class TemperedLagrangian : Lagrangian
{
    private const string BetaName = "beta";

    private protected TemperedLagrangian(string name, double beta, double minBeta, int dimensions)
        : base(name, dimensions)
    {
        Guard.Positive(beta);
        MinBeta = Guard.Positive(minBeta);
        Learn(BetaName, beta);
    }

    /// <summary>The learnable parameter β as the optimiser sees it, a number; saved as <c>beta</c>.</summary>
    public Parameter InverseTemperature => get_parameter(BetaName)!;

    /// <summary>The smallest β that is used: the energy falls only while β is positive.</summary>
    public double MinBeta { get; }

    /// <summary>The β that is used, max(β, <see cref="MinBeta"/>). Below the minimum no gradient reaches the parameter.</summary>
    public Tensor ClampedBeta => Scope.Run(() => InverseTemperature.clamp_min(MinBeta));
}

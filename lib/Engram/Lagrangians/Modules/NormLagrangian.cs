using TorchSharp.Modules;

namespace Engram;

/// <summary>A Lagrangian whose activation normalises, with a learnable scale γ and shift δ.</summary>
public abstract class NormLagrangian : Lagrangian
{
    private const string GammaName = "gamma", DeltaName = "delta";

    private protected NormLagrangian(
        string name, double gamma, double delta, double epsilon, long axis, int dimensions)
        : this(name, gamma, epsilon, axis, dimensions) => Learn(DeltaName, LagrangianGuard.Finite(delta));

    private protected NormLagrangian(
        string name, double gamma, Tensor delta, double epsilon, long axis, int dimensions)
        : this(name, gamma, epsilon, axis, dimensions) => Learn(DeltaName, delta);

    private NormLagrangian(string name, double gamma, double epsilon, long axis, int dimensions)
        : base(name, dimensions)
    {
        Epsilon = LagrangianGuard.NotNegative(epsilon);
        Axis = LagrangianGuard.NeuronAxis(axis, dimensions);
        Learn(GammaName, LagrangianGuard.NotNegative(gamma));
    }

    /// <summary>The learnable scale γ as the optimiser sees it, a number; saved as <c>gamma</c>.</summary>
    public Parameter Gamma => get_parameter(GammaName)!;

    /// <summary>The γ that is used, max(γ, 0): a negative one would make the Lagrangian concave.</summary>
    public Tensor ClampedGamma => Scope.Run(() => Gamma.clamp_min(0));

    /// <summary>The learnable shift δ, a number or one for each neuron; saved as <c>delta</c>.</summary>
    public Parameter Delta => get_parameter(DeltaName)!;

    /// <summary>ε, which keeps the norm from 0.</summary>
    public double Epsilon { get; }

    /// <summary>The axis that is normalised, counted from the end.</summary>
    public long Axis { get; }
}

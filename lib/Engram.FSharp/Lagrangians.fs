namespace Engram

open TorchSharp

/// The Lagrangians, parameters first: states |> Lagrangians.softmax 2.0.
[<CompilationRepresentation(CompilationRepresentationFlags.ModuleSuffix)>]
module Lagrangians =

    /// ½ x².
    let identity (x: torch.Tensor) = Lagrangians.Identity x

    /// max(x, 0)ⁿ / n.
    let repu (degree: float) (x: torch.Tensor) = Lagrangians.Repu(x, degree)

    /// ½ max(x, 0)².
    let relu (x: torch.Tensor) = Lagrangians.Relu x

    /// exp(βx) / β.
    let exp (beta: float) (x: torch.Tensor) = Lagrangians.Exp(x, beta)

    /// exp(βx̄) / β - x̄ with x̄ = max(x, 0).
    let rexp (beta: float) (x: torch.Tensor) = Lagrangians.Rexp(x, beta)

    /// log cosh(βx) / β.
    let tanh (beta: float) (x: torch.Tensor) = Lagrangians.Tanh(x, beta)

    /// s log(1 + exp(βx)) / β, with scale s.
    let sigmoid (beta: float) (scale: float) (x: torch.Tensor) = Lagrangians.Sigmoid(x, beta, scale)

    /// log Σ exp(βx) / β over the last axis.
    let softmax (beta: float) (x: torch.Tensor) = Lagrangians.Softmax(x, beta)

    /// The same by exponentials, sum and logarithm: overflows, for comparison.
    let softmaxUnstable (beta: float) (x: torch.Tensor) = Lagrangians.SoftmaxUnstable(x, beta)

    /// log(1 + Σ exp(βx)) / β over the last axis.
    let ghostmax (beta: float) (x: torch.Tensor) = Lagrangians.Ghostmax(x, beta)

    /// D γ √(Var x + ε) + Σ δx over the last axis.
    let layerNorm (gamma: float) (delta: float) (x: torch.Tensor) = Lagrangians.LayerNorm(x, gamma, delta)

    /// γ √(Σ x² + ε) + Σ δx over the last axis.
    let sphericalNorm (gamma: float) (delta: float) (x: torch.Tensor) =
        Lagrangians.SphericalNorm(x, gamma, delta)

    /// The activation of any Lagrangian, x ↦ ∂L/∂x, by automatic differentiation.
    let activation (lagrangian: torch.Tensor -> torch.Tensor) : torch.Tensor -> torch.Tensor =
        let activation = Activations.Of lagrangian
        activation.Invoke

    /// The energy of a neuron layer, x ↦ Σ x̂x - L(x); the Lagrangian returns the batch's shape.
    let energy (lagrangian: torch.Tensor -> torch.Tensor) : torch.Tensor -> torch.Tensor =
        let energy = Legendre.Energy lagrangian
        energy.Invoke

namespace Engram;

/// <summary>A Lagrangian as a module: its parameters are registered, saved, loaded and trained like any other's.</summary>
/// <remarks>
/// <para>
/// <b>A batch is one call.</b> The last <see cref="Dimensions"/> dimensions of a state are neurons and everything before
/// them is batch: with the default of 1, states [...batch, D] give [...batch], where the text needs <c>vmap</c>. A
/// module for images [H, W] is made with <c>dimensions: 2</c>. In a <c>NeuronLayer</c> the layer's shape decides,
/// whatever the module's <see cref="Dimensions"/>.
/// </para>
/// <para>
/// A new Lagrangian derives from this class, gives <see cref="Terms"/>, and gives <see cref="Activation"/> where it is
/// known in closed form. To be a Lagrangian it must be convex and differentiable.
/// </para>
/// </remarks>
public abstract class Lagrangian : nn.Module<Tensor, Tensor>
{
    /// <summary>A Lagrangian with a name for display, and the number of trailing dimensions that are neurons.</summary>
    /// <param name="name">The name of the module.</param>
    /// <param name="dimensions">The number of dimensions that are neurons, at least 0.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="dimensions"/> is negative.</exception>
    protected Lagrangian(string name, int dimensions) : base(name) =>
        Dimensions = (int)Guard.AtLeast(dimensions, 0);

    /// <summary>How many of a state's trailing dimensions are neurons; those before them are batch.</summary>
    public int Dimensions { get; }

    /// <summary>The terms of the Lagrangian, summed over what is neurons and not yet reduced to give its value.</summary>
    /// <param name="x">States [...batch, ...neurons], float32 or float64.</param>
    /// <returns>The shape of <paramref name="x"/>, or that without the axis along which neurons compete.</returns>
    public abstract Tensor Terms(Tensor x);

    /// <summary>The activation x̂ = ∂L/∂x; by automatic differentiation unless the Lagrangian knows better.</summary>
    /// <param name="x">States [...batch, ...neurons], float32 or float64.</param>
    /// <returns>The shape of <paramref name="x"/>; differentiable in the states and the parameters.</returns>
    public virtual Tensor Activation(Tensor x) => Activations.Of(Terms)(x);

    /// <summary>The value of the Lagrangian.</summary>
    /// <param name="input">States [...batch, ...neurons], float32 or float64.</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="input"/> is not float32 or float64, or has fewer than <see cref="Dimensions"/> dimensions.
    /// </exception>
    public override Tensor forward(Tensor input)
    {
        Guard.Floating(input);
        if (input.dim() < Dimensions)
            throw new ArgumentException(
                $"input has shape {Guard.Shape(input)}; at least {Dimensions} dimensions, the neurons', are wanted.",
                nameof(input));
        return Scope.Run(() => Reduce.Trailing(Terms(input), (int)input.dim() - Dimensions));
    }

    /// <summary>Registers a learnable number, float32 on the CPU until the module is moved.</summary>
    /// <param name="name">Its name in the state dictionary.</param>
    /// <param name="value">Its first value.</param>
    protected void Learn(string name, double value)
    {
        TorchNatives.Load();
        using var number = torch.tensor(value, dtype: ScalarType.Float32);
        Learn(name, number);
    }

    /// <summary>Registers a learnable tensor.</summary>
    /// <param name="name">Its name in the state dictionary.</param>
    /// <param name="value">Its first value, which is copied.</param>
    protected void Learn(string name, Tensor value) => Learning.Register(this, name, value);
}

namespace Engram;

/// <summary>A layer of neurons: a shape, and the Lagrangian that gives its activation and its energy.</summary>
/// <remarks>
/// <para>
/// States have shape [...batch, ...layer], with any batch or none. What the Lagrangian leaves of the layer's dimensions
/// is summed, so an elementwise form such as <see cref="Lagrangians.Relu"/>, a reducing one such as the softmax's, and a
/// module all go with any shape. The neurons of the softmax and the norms compete along their axis, so by default
/// along the last.
/// </para>
/// <para>Source: D. Krotov, "Hierarchical associative memory" (2021); HAMUX's <c>NeuronLayer</c>.</para>
/// </remarks>
public sealed class NeuronLayer : nn.Module
{
    private readonly Func<Tensor, Tensor> _terms, _activation;
    private readonly long[] _shape;
    private readonly double _timeConstant = 1;

    /// <summary>A layer with a Lagrangian that has no parameters of its own.</summary>
    /// <param name="lagrangian">
    /// A convex, differentiable function of states [...batch, ...layer] to [...batch] or to terms that still have some or
    /// all of the layer's dimensions.
    /// </param>
    /// <param name="shape">The shape of the layer; of one neuron where empty.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public NeuronLayer(Func<Tensor, Tensor> lagrangian, params long[] shape) : base(nameof(NeuronLayer))
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        (_terms, _activation) = (lagrangian, Activations.Of(lagrangian));
        _shape = Sizes(shape);
    }

    /// <summary>A layer with a Lagrangian that is a module, so that its parameters are the layer's.</summary>
    /// <param name="lagrangian">A <see cref="Lagrangian"/>, or any module that is convex and differentiable.</param>
    /// <param name="shape">The shape of the layer; of one neuron where empty.</param>
    /// <exception cref="ArgumentException">A size is not positive.</exception>
    public NeuronLayer(nn.Module<Tensor, Tensor> lagrangian, params long[] shape) : base(nameof(NeuronLayer))
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        (_terms, _activation) = lagrangian is Lagrangian known
            ? (known.Terms, known.Activation)
            : ((Func<Tensor, Tensor>)lagrangian.call, Activations.Of(lagrangian.call));
        _shape = Sizes(shape);
        register_module("lagrangian", lagrangian);
    }

    /// <summary>The shape of the layer, without batch.</summary>
    public IReadOnlyList<long> Shape => _shape;

    /// <summary>τ, how slowly the layer moves: a step of the descent is its step size over τ. 1 by default.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not finite and greater than 0.</exception>
    public double TimeConstant
    {
        get => _timeConstant;
        init => _timeConstant = Guard.Positive(value, nameof(TimeConstant));
    }

    /// <summary>States of 0, float32 on the CPU.</summary>
    /// <param name="batch">The shape of the batch; none where empty.</param>
    /// <returns>[...batch, ...layer].</returns>
    public Tensor InitialState(params long[] batch) => Scope.Run(() => torch.zeros([.. batch, .. _shape]));

    /// <summary>The Lagrangian's value L(x).</summary>
    /// <param name="state">x, [...batch, ...layer].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">
    /// The state is not float32 or float64 or not of the layer's shape, or the Lagrangian's result does not begin with the
    /// batch's shape.
    /// </exception>
    public Tensor Value(Tensor state)
    {
        var batch = Batch(state);
        return Scope.Run(() => Reduce.Trailing(Check(_terms(state), state, batch), batch));
    }

    /// <summary>The activation x̂ = ∂L/∂x.</summary>
    /// <param name="state">x, [...batch, ...layer].</param>
    /// <returns>[...batch, ...layer].</returns>
    /// <exception cref="ArgumentException">The state is not float32 or float64 or not of the layer's shape.</exception>
    public Tensor Activation(Tensor state)
    {
        Batch(state);
        return _activation(state);
    }

    /// <summary>The energy of the layer at its own activation, Σ x̂ᵢxᵢ − L(x).</summary>
    /// <inheritdoc cref="Value"/>
    public Tensor Energy(Tensor state) => Scope.Run(() => Energy(Activation(state), state));

    /// <summary>The energy of the layer, the Legendre transform of its Lagrangian: Σ x̂ᵢxᵢ − L(x).</summary>
    /// <param name="activation">x̂, [...batch, ...layer].</param>
    /// <param name="state">x, of the same shape.</param>
    /// <returns>[...batch]; its gradient in the activation is the state.</returns>
    /// <exception cref="ArgumentException">As <see cref="Value"/>, or the two differ in shape, dtype or device.</exception>
    public Tensor Energy(Tensor activation, Tensor state) => Legendre.Transform(Value)(activation, state);

    /// <summary>The shape as text, such as [28, 28].</summary>
    internal string ShapeText => $"[{string.Join(", ", _shape)}]";

    /// <summary>The number of dimensions of a state that are batch.</summary>
    internal int Batch(Tensor state, string name = "state")
    {
        var batch = (int)Guard.Floating(state, name).dim() - _shape.Length;
        return batch >= 0 && state.shape.AsSpan(batch).SequenceEqual(_shape)
            ? batch
            : throw new ArgumentException(
                $"{name} has shape {Guard.Shape(state)}; [...batch, {ShapeText[1..]} is wanted.", name);
    }

    private static Tensor Check(Tensor terms, Tensor state, int batch) =>
        terms.dim() >= batch && terms.shape.AsSpan(0, batch).SequenceEqual(state.shape.AsSpan(0, batch))
            ? terms
            : throw new ArgumentException(
                $"The Lagrangian returned shape {Guard.Shape(terms)} for states {Guard.Shape(state)}; one that begins with " +
                $"the batch's, [{string.Join(", ", state.shape[..batch])}], is wanted.");

    private static long[] Sizes(long[] shape)
    {
        ArgumentNullException.ThrowIfNull(shape);
        return shape.All(size => size > 0)
            ? [.. shape]
            : throw new ArgumentException($"shape is [{string.Join(", ", shape)}]; positive sizes are wanted.", nameof(shape));
    }
}

namespace Engram;

/// <summary>A function evaluated at a point, and what can be asked of its derivatives there.</summary>
internal abstract class Evaluation
{
    /// <summary>Evaluates a function at x, asks for some results there and hands them out.</summary>
    public delegate Tensor[] Runner(Tensor x, Func<Evaluation, Tensor[]> ask);

    /// <summary>The point.</summary>
    public abstract Tensor Input { get; }

    /// <summary>What the function returned there.</summary>
    public abstract Tensor Output { get; }

    /// <summary>The function's value in memory of its own.</summary>
    public Tensor Value => Output.clone();

    /// <summary>The gradient of a scalar output, of the input's shape.</summary>
    public abstract Tensor Gradient();

    /// <summary>The Hessian of a scalar output, shape [input shape..., input shape...].</summary>
    public abstract Tensor Hessian();

    /// <summary>The Hessian of a scalar output times v, of the input's shape.</summary>
    public abstract Tensor HessianV(Tensor v);

    /// <summary>The trace of the Hessian of a scalar output.</summary>
    public abstract Tensor Laplacian();

    /// <summary>The Jacobian, shape [output shape..., input shape...].</summary>
    public abstract Tensor Jacobian();

    /// <summary>Jv, of the output's shape.</summary>
    public abstract Tensor JacobianV(Tensor v);

    /// <summary>Jᵀv, of the input's shape.</summary>
    public abstract Tensor JacobianTv(Tensor v);

    /// <summary>The trace of the Jacobian of an output of the input's shape.</summary>
    public abstract Tensor Divergence();

    /// <summary>Value and derivatives to order n by a scalar input.</summary>
    public abstract Tensor[] Derivatives(int n);

    /// <summary>Exact derivatives of <paramref name="f"/>.</summary>
    public static Runner Exact(Func<Tensor, Tensor> f)
    {
        ArgumentNullException.ThrowIfNull(f);
        return (x, ask) => Run(x, ask, recorded: true, attached => new Trace(f, x, attached));
    }

    /// <summary>Derivatives of <paramref name="f"/> by central differences.</summary>
    public static Runner Numeric(Func<Tensor, Tensor> f, double? step)
    {
        ArgumentNullException.ThrowIfNull(f);
        if (step is { } h) Guard.Positive(h, nameof(step));
        return (x, ask) => Run(x, ask, recorded: false, attached => new FiniteDifferences(f, x, step, attached));
    }

    /// <summary>The input, if it can be differentiated at.</summary>
    public static Tensor CheckInput(Tensor x)
    {
        Guard.Floating(x);
        return x.is_sparse ? throw new ArgumentException("x is sparse; a dense tensor is wanted.", nameof(x)) : x;
    }

    /// <summary>What a function returned, if it can be differentiated.</summary>
    public static Tensor CheckOutput(Tensor y)
    {
        if (y is null) throw new ArgumentException("f returned null; a tensor is wanted.", "f");
        if (y.IsInvalid) throw new ArgumentException("f returned a disposed tensor.", "f");
        if (y.is_sparse) throw new ArgumentException("f returned a sparse tensor; a dense one is wanted.", "f");
        return y.dtype is ScalarType.Float32 or ScalarType.Float64
            ? y
            : throw new ArgumentException($"f returned dtype {y.dtype}; float32 or float64 is wanted.", "f");
    }

    /// <summary>The output, if it is a scalar.</summary>
    protected Tensor ScalarOutput() =>
        Output.dim() == 0
            ? Output
            : throw new ArgumentException($"f returned shape {Guard.Shape(Output)}; a scalar, shape [], is wanted.", "f");

    private static Tensor[] Run(
        Tensor x, Func<Evaluation, Tensor[]> ask, bool recorded, Func<bool, Evaluation> evaluate)
    {
        CheckInput(x);
        return Scope.Run(() => Record(x, ask, recorded, evaluate), static results => results);
    }

    /// <remarks>
    /// Something outside will differentiate the results, so they stay attached to its graph, when another call is
    /// under way here or where this thread or task was started, or the input requires a gradient, and the caller has
    /// not switched gradients off.
    /// </remarks>
    private static Tensor[] Record(
        Tensor x, Func<Evaluation, Tensor[]> ask, bool recorded, Func<bool, Evaluation> evaluate)
    {
        var attached = torch.is_grad_enabled() && (Level.Any || x.requires_grad);
        using var ordinary = torch.is_inference_mode_enabled() ? torch.inference_mode(false) : null;
        using var recording = torch.set_grad_enabled(recorded || attached);
        using var level = new Level();
        var results = ask(evaluate(attached));
        return attached ? results : Array.ConvertAll(results, static r => r.requires_grad ? r.detach() : r);
    }
}

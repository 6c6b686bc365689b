using System.Runtime.InteropServices;

namespace Engram;

/// <summary>One evaluation of a function whose operations are recorded: its input, its output, products with its Jacobian.</summary>
/// <remarks>
/// <para>A call is <see cref="Attached"/> when something outside will differentiate its results: another call of
/// <see cref="Diff"/> is under way on this thread, or its input already requires a gradient, and the caller has not
/// switched gradients off. Its results then stay in the graph; otherwise they are detached.</para>
/// <para>Each call differentiates with respect to a tensor of its own, so calls nested over the same or over other
/// variables cannot be confused.</para>
/// </remarks>
internal sealed class Trace
{
    [ThreadStatic]
    private static int depth;

    private Trace(Func<Tensor, Tensor> f, Tensor x, bool attached)
    {
        Attached = attached;
        Input = attached && x.requires_grad ? x.alias() : Leaf(x);
        // A nested function gets a copy: a change in place must reach neither the caller's tensor nor the root.
        Output = CheckOutput(f(Input.is_leaf ? Input : Input.clone()));
        if (!torch.is_grad_enabled()) torch.set_grad_enabled(true);
    }

    /// <summary>Whether the results stay in a graph outside this call.</summary>
    public bool Attached { get; }

    /// <summary>The tensor that derivatives are taken with respect to.</summary>
    public Tensor Input { get; }

    /// <summary>What the function returned.</summary>
    public Tensor Output { get; }

    /// <summary>The function's value in memory of its own.</summary>
    public Tensor Value => Output.clone();

    /// <summary>Evaluates <paramref name="f"/> at <paramref name="x"/> and hands out the results of <paramref name="compute"/>.</summary>
    public static Tensor[] Run(Func<Tensor, Tensor> f, Tensor x, Func<Trace, Tensor[]> compute)
    {
        CheckInput(x);
        return Scope.Run(() => Record(f, x, compute), static results => results);
    }

    /// <summary>As <see cref="Run"/>, for one result.</summary>
    public static Tensor RunOne(Func<Tensor, Tensor> f, Tensor x, Func<Trace, Tensor> compute) =>
        Run(f, x, trace => [compute(trace)])[0];

    /// <summary>vᵀJ. The graph is kept where <paramref name="keepGraph"/> says so, the product is recorded where something differentiates it.</summary>
    public Tensor Pull(Tensor v, bool keepGraph = false, bool record = false) =>
        GuardedGradient.Product(Output, Input, v, keepGraph, record || Attached);

    /// <summary>Jv, by differentiating vᵀJ once more: it is linear in its v.</summary>
    public Tensor Push(Tensor v) => Push(Output, v, Attached);

    /// <summary>∂y/∂x for a scalar input, of the shape of <paramref name="y"/>.</summary>
    public Tensor Slope(Tensor y, bool record) =>
        y.dim() == 0
            ? GuardedGradient.Product(y, Input, torch.ones_like(y), keepGraph: false, record)
            : Push(y, torch.ones_like(Input), record);

    /// <summary>The gradient of a scalar output.</summary>
    public Tensor Gradient(bool record = false)
    {
        if (Output.dim() != 0)
            throw new ArgumentException($"f returned shape {Guard.Shape(Output)}; a scalar, shape [], is wanted.", "f");
        return Pull(torch.ones_like(Output), record: record);
    }

    private Tensor Push(Tensor y, Tensor v, bool record)
    {
        var u = torch.zeros_like(y).requires_grad_();
        var pulled = GuardedGradient.Product(y, Input, u, keepGraph: true, record: true);
        return GuardedGradient.Product(pulled, u, v, keepGraph: false, record);
    }

    private static Tensor[] Record(Func<Tensor, Tensor> f, Tensor x, Func<Trace, Tensor[]> compute)
    {
        var attached = torch.is_grad_enabled() && (depth > 0 || x.requires_grad);
        using var ordinary = torch.is_inference_mode_enabled() ? torch.inference_mode(false) : null;
        using var recording = torch.enable_grad();
        depth++;
        try
        {
            var results = compute(new Trace(f, x, attached));
            return attached ? results : Array.ConvertAll(results, static r => r.requires_grad ? r.detach() : r);
        }
        finally
        {
            depth--;
        }
    }

    private static Tensor Leaf(Tensor x)
    {
        try
        {
            return x.detach().requires_grad_();
        }
        catch (ExternalException)
        {
            // Made in inference mode: only a copy can require a gradient.
            return x.detach().clone().requires_grad_();
        }
    }

    private static void CheckInput(Tensor x)
    {
        Guard.Floating(x);
        if (x.is_sparse) throw new ArgumentException("x is sparse; a dense tensor is wanted.", nameof(x));
    }

    private static Tensor CheckOutput(Tensor y)
    {
        if (y is null) throw new ArgumentException("f returned null; a tensor is wanted.", "f");
        if (y.IsInvalid) throw new ArgumentException("f returned a disposed tensor.", "f");
        if (y.is_sparse) throw new ArgumentException("f returned a sparse tensor; a dense one is wanted.", "f");
        return y.dtype is ScalarType.Float32 or ScalarType.Float64
            ? y
            : throw new ArgumentException($"f returned dtype {y.dtype}; float32 or float64 is wanted.", "f");
    }
}

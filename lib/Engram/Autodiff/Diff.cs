namespace Engram;

/// <summary>
/// Derivatives as functions of functions, in DiffSharp's grammar: a verb (<c>Grad</c>); <c>F…</c> also returns the
/// function's value; <c>…V</c> is a product with a vector; <c>Num…</c> is the same by finite differences.
/// </summary>
/// <remarks>
/// <para>Every derivative is itself such a function, so <c>Diff.Grad(Diff.Grad(f))</c> and a gradient of a function
/// that calls <see cref="Diff"/> inside work to any depth. What an outermost call returns is detached from every
/// graph, unless its input requires a gradient or <see cref="KeepGraph"/> says otherwise.</para>
/// <para>A function that does not depend on its input, or that leaves the graph (<c>detach</c>, <c>no_grad</c>),
/// has derivative zero. Inputs and outputs are dense float32 or float64 tensors on any device; what else comes is
/// an <see cref="ArgumentException"/>, and what libtorch cannot differentiate, such as a function that overwrites a
/// tensor its own derivative needs, is an <see cref="InvalidOperationException"/>. Both are thrown when the
/// derivative is called; an exception of the function itself passes through.</para>
/// <para>DiffSharp's <c>diff</c> is <c>Derivative</c> here, since a class cannot hold a member of its own name.</para>
/// </remarks>
public static partial class Diff
{
    /// <summary>
    /// Keeps the results of <see cref="Diff"/> on this thread, and in the tasks and threads started from it, in the
    /// graph until the return value is disposed, so that they can be differentiated by tensors other than their input:
    /// parameters that the function captured.
    /// </summary>
    /// <returns>Ends the effect when disposed.</returns>
    public static IDisposable KeepGraph() => new Level();

    private static Func<Tensor, Tensor> One(Evaluation.Runner run, Func<Evaluation, Tensor> ask) =>
        x => run(x, at => [ask(at)])[0];

    private static Func<Tensor, Tensor, Tensor> One(Evaluation.Runner run, Func<Evaluation, Tensor, Tensor> ask) =>
        (x, v) => run(x, at => [ask(at, v)])[0];

    private static Func<Tensor, T> Many<T>(
        Evaluation.Runner run, Func<Evaluation, Tensor[]> ask, Func<Tensor[], T> name) =>
        x => name(run(x, ask));

    private static Func<Tensor, Tensor, T> Many<T>(
        Evaluation.Runner run, Func<Evaluation, Tensor, Tensor[]> ask, Func<Tensor[], T> name) =>
        (x, v) => name(run(x, at => ask(at, v)));

    private static Tensor Dot(Tensor a, Tensor b) => (a * b).sum();

    /// <summary>v as a vector for the input; a copy, so that no result shares its memory.</summary>
    private static Tensor ForInput(Tensor v, Evaluation at) => Vector(v, at.Input, "x");

    /// <summary>v as a vector for the output.</summary>
    private static Tensor ForOutput(Tensor v, Evaluation at) => Vector(v, at.Output, "f(x)");

    private static Tensor Vector(Tensor v, Tensor like, string of)
    {
        Guard.Like(Guard.Floating(v), like, nameof(v), of);
        return SameShape(v, like)
            ? v.clone()
            : throw new ArgumentException(
                $"v has shape {Guard.Shape(v)}; that of {of}, {Guard.Shape(like)}, is wanted.", nameof(v));
    }

    private static bool SameShape(Tensor a, Tensor b) => a.shape.AsSpan().SequenceEqual(b.shape);
}

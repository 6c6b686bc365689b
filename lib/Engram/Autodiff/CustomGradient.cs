using System.Runtime.ExceptionServices;

namespace Engram;

/// <summary>Functions whose derivative is given instead of found.</summary>
/// <remarks>
/// <para>The result is used like any other function. Inside <see cref="Diff"/> the function itself is not recorded;
/// where its derivative is asked for, the given one is called, at higher order too if the given one can itself be
/// differentiated. It is a function of its one argument: other tensors that it captures get no gradient.</para>
/// <para>An exception of the given derivative passes through <see cref="Diff"/>. libtorch's own <c>backward</c>
/// cannot carry it and returns NaN.</para>
/// </remarks>
public static class CustomGradient
{
    /// <summary>A scalar function f with its gradient.</summary>
    /// <param name="f">
    /// From any shape to a scalar; or batched, from [batch..., D...] to [batch...], each value of its own part of x.
    /// </param>
    /// <param name="gradient">∇f: x ↦ a tensor of the shape, dtype and device of x.</param>
    public static Func<Tensor, Tensor> OfGradient(Func<Tensor, Tensor> f, Func<Tensor, Tensor> gradient)
    {
        ArgumentNullException.ThrowIfNull(gradient);
        return OfProduct(f, (x, v) => Broadcast(v, x) * Checked(gradient(x), x));
    }

    /// <summary>A function f with its products Jᵀv.</summary>
    /// <param name="f">Between tensors of any shapes.</param>
    /// <param name="jacobianTv">(x, v) ↦ Jᵀv, linear in v; v has the shape of f(x), the result that of x.</param>
    public static Func<Tensor, Tensor> OfProduct(Func<Tensor, Tensor> f, Func<Tensor, Tensor, Tensor> jacobianTv)
    {
        ArgumentNullException.ThrowIfNull(f);
        ArgumentNullException.ThrowIfNull(jacobianTv);
        return x => Scope.Run(() =>
        {
            var value = Unrecorded(f, Guard.Floating(x));
            return Node.apply(x, new Given(jacobianTv), new[] { value });
        });
    }

    /// <summary>f(x), not recorded; a copy, since a node's output may be neither its input nor another's tensor.</summary>
    private static Tensor Unrecorded(Func<Tensor, Tensor> f, Tensor x)
    {
        using var off = torch.no_grad();
        return Evaluation.CheckOutput(f(x)).clone();
    }

    private static Tensor Broadcast(Tensor v, Tensor x) =>
        v.dim() <= x.dim() && v.shape.AsSpan().SequenceEqual(x.shape.AsSpan(0, (int)v.dim()))
            ? v.reshape([.. v.shape, .. Enumerable.Repeat(1L, (int)(x.dim() - v.dim()))])
            : throw new ArgumentException(
                $"f returned shape {Guard.Shape(v)}; a scalar or the first dimensions of x, {Guard.Shape(x)}, "
                + "are wanted where a gradient is given.", "f");

    /// <summary>What was given, if libtorch can take it for the gradient by x.</summary>
    private static Tensor Checked(Tensor product, Tensor x)
    {
        const string name = "gradient";
        Guard.Like(Guard.Floating(product, name), x, name, nameof(x));
        return product.shape.AsSpan().SequenceEqual(x.shape)
            ? product
            : throw new ArgumentException(
                $"The given {name} has shape {Guard.Shape(product)}; that of x, {Guard.Shape(x)}, is wanted.", name);
    }

    /// <summary>What one call of the function needs when the graph runs backward.</summary>
    private sealed class Given(Func<Tensor, Tensor, Tensor> jacobianTv)
    {
        private readonly CallbackFailure failure = CallbackFailure.Current;

        /// <summary>Jᵀv; NaN where that throws, since no exception may cross libtorch.</summary>
        public Tensor Product(Tensor x, Tensor v)
        {
            try
            {
                return Checked(jacobianTv(x, v), x);
            }
            catch (Exception error)
            {
                CallbackFailure.WhereRunning(failure).Keep(error);
                return torch.full_like(x, double.NaN);
            }
        }
    }

    private sealed class Node : autograd.SingleTensorFunction<Node>
    {
        private const string Key = "given";

        public override string Name => nameof(CustomGradient);

        public override Tensor forward(autograd.AutogradContext context, params object[] arguments)
        {
            // Not a tensor among the arguments, the value is no input to differentiate by.
            var (x, given, value) = ((Tensor)arguments[0], (Given)arguments[1], ((Tensor[])arguments[2])[0]);
            context.set_materialize_grads(false);
            context.save_for_backward([x]);
            context.save_data(Key, given);
            return value;
        }

        public override List<Tensor> backward(autograd.AutogradContext context, Tensor v)
        {
            if (v.IsInvalid) return [null!, null!, null!];
            var x = context.get_saved_variables()[0];
            return [((Given)context.get_data(Key)).Product(x, v), null!, null!];
        }
    }
}

/// <summary>An exception on its way round libtorch: kept where a callback threw it, thrown where the call returns.</summary>
internal sealed class CallbackFailure
{
    [ThreadStatic]
    private static CallbackFailure? current;

    private ExceptionDispatchInfo? kept;
    private int running;

    /// <summary>This thread's.</summary>
    public static CallbackFailure Current => current ??= new CallbackFailure();

    /// <summary>
    /// Where the backward run that called back will look: this thread's, or, on a device's own thread, where none was
    /// begun, another.
    /// </summary>
    /// <param name="otherwise">That of the thread that recorded the function.</param>
    public static CallbackFailure WhereRunning(CallbackFailure otherwise) =>
        current is { running: > 0 } here ? here : otherwise;

    /// <summary>Begins a backward run. What an outermost one finds was left by libtorch's own <c>backward</c>.</summary>
    public void Enter()
    {
        if (running++ == 0) kept = null;
    }

    /// <summary>Ends a backward run.</summary>
    public void Leave() => running--;

    /// <summary>Keeps the first exception.</summary>
    public void Keep(Exception error) => kept ??= ExceptionDispatchInfo.Capture(error);

    /// <summary>Throws what was kept, once.</summary>
    public void Throw()
    {
        var error = kept;
        kept = null;
        error?.Throw();
    }
}

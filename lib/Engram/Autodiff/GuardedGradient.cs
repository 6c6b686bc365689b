using System.Runtime.InteropServices;

namespace Engram;

/// <summary>
/// Reverse mode, called so that libtorch's errors become exceptions. TorchSharp's own <c>autograd.grad</c> lets them
/// end the process, and its <c>backward</c> writes into <c>.grad</c>; the same operator called from TorchScript has
/// neither fault and costs the same.
/// </summary>
internal static class GuardedGradient
{
    private const string Function = "vector_jacobian_product";

    private const string Script = $"""
        def {Function}(y: Tensor, x: Tensor, v: Tensor, keep_graph: bool, record: bool) -> Tensor:
            seeds: Optional[List[Optional[Tensor]]] = [v]
            product = torch.autograd.grad([y], [x], seeds, keep_graph, record, True)[0]
            if product is None:
                product = torch.zeros_like(x)
            return product

        """;

    // A raw string takes the line ends of its file; TorchScript wants its own.
    private static readonly Lazy<jit.CompilationUnit> Unit = new(() => jit.compile(Script.ReplaceLineEndings("\n")));

    /// <summary>vᵀ ∂y/∂x, zeros where y does not depend on x.</summary>
    /// <param name="y">The output.</param>
    /// <param name="x">A tensor that y was computed from, or not.</param>
    /// <param name="v">Of the shape, dtype and device of y.</param>
    /// <param name="keepGraph">Whether y will be differentiated again.</param>
    /// <param name="record">Whether the product can itself be differentiated.</param>
    /// <exception cref="InvalidOperationException">libtorch cannot run this graph backward.</exception>
    public static Tensor Product(Tensor y, Tensor x, Tensor v, bool keepGraph, bool record)
    {
        if (!y.requires_grad) return torch.zeros_like(x);
        var failure = CallbackFailure.Current;
        failure.Enter();
        try
        {
            var product = Unit.Value.invoke<Tensor>(Function, y, x, v, keepGraph || record, record);
            failure.Throw();
            return product;
        }
        catch (ExternalException error)
        {
            failure.Throw();
            throw new InvalidOperationException($"The function cannot be differentiated: {Cause(error)}", error);
        }
        finally
        {
            failure.Leave();
        }
    }

    /// <summary>libtorch's own sentence, without TorchScript's traceback before it and the stack after it.</summary>
    private static string Cause(ExternalException error)
    {
        const string before = "RuntimeError: ";
        const string after = "\nException raised from";
        var message = error.Message;
        if (message.LastIndexOf(before, StringComparison.Ordinal) is >= 0 and var start)
            message = message[(start + before.Length)..];
        if (message.IndexOf(after, StringComparison.Ordinal) is >= 0 and var end) message = message[..end];
        return message.Trim();
    }
}

using System.Numerics;

namespace Engram;

/// <summary>Descents on exact energies through <see cref="ExactDescent{T}"/>.</summary>
internal static unsafe class ExactDescents
{
    /// <summary>Lets states descend on the energy of memories.</summary>
    public static Descent Run(
        Tensor memories, double beta, bool logarithm, Tensor state, DescentOptions options, CancellationToken cancellation) =>
        state.dtype == ScalarType.Float32
            ? Run(memories, (float)beta, logarithm, state, options, cancellation)
            : Run<double>(memories, beta, logarithm, state, options, cancellation);

    private static Descent Run<T>(
        Tensor memories, T beta, bool logarithm, Tensor state, DescentOptions options, CancellationToken cancellation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        cancellation.ThrowIfCancellationRequested();
        var xi = memories.contiguous();
        var record = new DescentRecord(state, options, rows: true);
        if (record.State.shape[0] == 0) return record.Result(0, resting: false, options.StepSize);
        var loop = new ExactLoop<T>(Memory.Of<T>(xi), (int)xi.shape[0], (int)xi.shape[1], beta, logarithm);
        var (steps, resting) = new ExactDescent<T>(loop, xi.shape[0], record, options).Run(cancellation);
        GC.KeepAlive(xi);
        return record.Result(steps, resting, options.StepSize);
    }
}

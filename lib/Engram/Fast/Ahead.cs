using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Engram;

/// <summary>
/// Memory that is wanted soon, fetched into the second cache a little at a time while something else is computed. The
/// processor does that by itself for memory that is read in order without a pause, which a block that is computed with is not.
/// </summary>
internal unsafe struct Ahead
{
    private const long Line = 64;

    private readonly byte* _end;
    private readonly long _step;
    private byte* _at;

    /// <param name="start">The first number.</param>
    /// <param name="length">Bytes; none where there is nothing to fetch.</param>
    /// <param name="times">How often <see cref="Fetch"/> will be called.</param>
    public Ahead(void* start, long length, int times)
    {
        _at = (byte*)start;
        _end = _at + length;
        _step = (length / Math.Max(1, times) / Line + 1) * Line;
    }

    /// <summary>Asks for the next lines.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch()
    {
        if (!Sse.IsSupported) return;
        for (var stop = _at + Math.Min(_step, _end - _at); _at < stop; _at += Line) Sse.Prefetch1(_at);
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Engram;

/// <summary>
/// A whole descent on an exact energy in one loop: a block of states goes through all its steps while it stays in
/// cache, and blocks go over the cores. The same steps as <see cref="DescentLoop"/>, to rounding.
/// </summary>
internal sealed unsafe class ExactDescent<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int CancellationSteps = 256;
    private readonly ExactLoop<T> _loop;
    private readonly DescentOptions _options;
    private readonly DescentRecord _record;
    private readonly int _count, _dimension, _blocks;
    private readonly T* _states, _energies, _path, _gradients, _free;
    private readonly T _step, _tolerance;
    private readonly long[] _done;
    private readonly bool[] _resting;
    private readonly double _work;

    public ExactDescent(ExactLoop<T> loop, long memories, DescentRecord record, DescentOptions options)
    {
        (_loop, _options, _record) = (loop, options, record);
        (_count, _dimension) = ((int)record.State.shape[0], (int)record.State.shape[1]);
        _states = Memory.Of<T>(record.State);
        _energies = record.Energies is null ? null : Memory.Of<T>(record.Energies);
        _path = record.States is null ? null : Memory.Of<T>(record.States);
        _gradients = record.Gradients is null ? null : Memory.Of<T>(record.Gradients);
        _free = record.Free is null ? null : Memory.Of<T>(record.Free);
        _step = T.CreateChecked(options.StepSize);
        _tolerance = T.CreateChecked(options.GradientTolerance);
        _blocks = (_count + Lanes<T>.Count - 1) / Lanes<T>.Count;
        _done = new long[_blocks];
        _resting = new bool[_blocks];
        _work = (double)_count * memories * (2 * _dimension + 16);
    }

    /// <summary>Runs the steps; answers how many were looked at, and whether all states rest.</summary>
    public (long Steps, bool Resting) Run(CancellationToken cancellation)
    {
        var report = _options.Progress is null ? _options.Steps : Math.Max(1, _options.Steps / 100);
        for (long until = 0; until < _options.Steps && !AllRest;)
        {
            cancellation.ThrowIfCancellationRequested();
            until = Math.Min(_options.Steps, until + report);
            Segment(until, cancellation);
            if (until % report == 0) _options.Progress?.Report(new DescentProgress(until, _options.Steps));
        }

        var steps = _done.Length == 0 ? 0 : _done.Max();
        for (var block = 0; block < _blocks; block++) Fill(block, steps);
        return (steps, AllRest && _blocks > 0);
    }

    private bool AllRest => _options.GradientTolerance > 0 && Array.TrueForAll(_resting, resting => resting);

    private void Segment(long until, CancellationToken cancellation)
    {
        try
        {
            Workers.Run(_blocks, _work * Math.Max(1, until - _done.Max()), block => Descend(block, until, cancellation), cancellation);
        }
        catch (AggregateException e) when (e.InnerExceptions.All(inner => inner is OperationCanceledException))
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Descend(int block, long until, CancellationToken cancellation)
    {
        if (_resting[block]) return;
        var lanes = Lanes<T>.Count;
        var size = _dimension * lanes;
        using var room = new Scratch<T>(3L * size + _loop.ScratchLength);
        T* x = room.Start, g = x + size, free = g + size, weights = free + size;
        var first = block * lanes;
        var here = Math.Min(lanes, _count - first);
        Block<T>.Read(_states + (long)first * _dimension, x, here, _dimension);
        if (_free != null) Block<T>.Read(_free + (long)first * _dimension, free, here, _dimension);
        for (var step = _done[block]; step < until && !_resting[block]; step++)
        {
            if (step % CancellationSteps == 0) cancellation.ThrowIfCancellationRequested();
            var energies = _loop.Evaluate(x, g, weights);
            if (_free != null) Multiply(g, free);
            if (_energies != null) Lanes<T>.Write(energies, _energies + step * _count + first, here);
            if (_gradients != null) Block<T>.Write(g, _gradients + (step * _count + first) * _dimension, here, _dimension);
            Move(x, g, block);
            _done[block] = step + 1;
            if (_path != null && (step + 1) % _options.RecordStates == 0)
                Block<T>.Write(x, _path + ((step + 1) / _options.RecordStates * _count + first) * _dimension, here, _dimension);
        }

        Block<T>.Write(x, _states + (long)first * _dimension, here, _dimension);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Move(T* x, T* g, int block)
    {
        var lanes = Lanes<T>.Count;
        var step = Lanes<T>.All(-_step);
        if (_options.GradientTolerance > 0)
        {
            var square = Vector256<T>.Zero;
            for (var i = 0; i < _dimension; i++)
            {
                var slope = Vector256.Load(g + i * lanes);
                square = Lanes<T>.Fma(slope, slope, square);
            }

            var moving = Vector256.GreaterThan(Vector256.Sqrt(square), Lanes<T>.All(_tolerance));
            step = Vector256.ConditionalSelect(moving, step, Vector256<T>.Zero);
            _resting[block] = moving == Vector256<T>.Zero;
        }

        for (var i = 0; i < _dimension; i++)
            Lanes<T>.Fma(step, Vector256.Load(g + i * lanes), Vector256.Load(x + i * lanes)).Store(x + i * lanes);
    }

    private void Multiply(T* g, T* free)
    {
        var lanes = Lanes<T>.Count;
        for (var i = 0; i < _dimension; i++)
            (Vector256.Load(g + i * lanes) * Vector256.Load(free + i * lanes)).Store(g + i * lanes);
    }

    // A block that came to rest early has its last energy, gradient and state in the steps that others still took.
    private void Fill(int block, long steps)
    {
        var (first, done) = ((long)block * Lanes<T>.Count, _done[block]);
        if (done == steps) return;
        var here = Math.Min(Lanes<T>.Count, _count - first);
        for (var step = done; step < steps; step++)
        {
            if (_energies != null) Copy(_energies, (done - 1) * _count + first, step * _count + first, here);
            if (_gradients != null)
                Copy(_gradients, ((done - 1) * _count + first) * _dimension, (step * _count + first) * _dimension, here * _dimension);
        }

        if (_path == null) return;
        for (var at = done / _options.RecordStates + 1; at <= steps / _options.RecordStates; at++)
            Buffer.MemoryCopy(
                _states + first * _dimension, _path + (at * _count + first) * _dimension,
                here * _dimension * sizeof(T), here * _dimension * sizeof(T));
    }

    private static void Copy(T* numbers, long from, long to, long count) =>
        Buffer.MemoryCopy(numbers + from, numbers + to, count * sizeof(T), count * sizeof(T));
}

namespace Engram;

/// <summary>A step's rows.</summary>
/// <param name="Queries">Q, shape [n, m].</param>
/// <param name="Values">X, shape [n, d].</param>
/// <param name="Squares">‖X‖².</param>
internal readonly record struct RowBatch(Tensor Queries, Tensor Values, double Squares);

/// <summary>The rows of each step: all, or batches of an order that is drawn anew for each epoch.</summary>
internal sealed class RowBatches : IDisposable
{
    private readonly RowBatch _all;
    private readonly long _size;
    private readonly PrngKey _key;
    private Tensor? _order;
    private long _epoch = -1;

    /// <param name="queries">Q, shape [n, m].</param>
    /// <param name="values">X, shape [n, d].</param>
    /// <param name="size">Rows in a batch; 0 takes all.</param>
    /// <param name="key">Of the orders.</param>
    public RowBatches(Tensor queries, Tensor values, long size, PrngKey key)
    {
        _all = new(queries, values, KeyValueSolver.Squares(values));
        _size = size;
        // Folded, so that no epoch shares the numbers of the first keys.
        _key = key.FoldIn(1);
    }

    /// <summary>All rows.</summary>
    public RowBatch All => _all;

    /// <summary>The rows of a step; those that do not fill a batch wait for another epoch.</summary>
    public RowBatch At(int step)
    {
        var rows = _all.Queries.shape[0];
        if (_size == 0 || _size >= rows) return _all;
        var perEpoch = rows / _size;
        var batch = Order(step / perEpoch).narrow(0, step % perEpoch * _size, _size);
        var values = _all.Values.index_select(0, batch);
        return new(_all.Queries.index_select(0, batch), values, KeyValueSolver.Squares(values));
    }

    /// <summary>Frees the order.</summary>
    public void Dispose() => _order?.Dispose();

    private Tensor Order(long epoch)
    {
        if (epoch == _epoch) return _order!;
        _order?.Dispose();
        var queries = _all.Queries;
        _order = _key.FoldIn((int)epoch).Permutation(queries.shape[0]).to(queries.device).DetachFromDisposeScope();
        _epoch = epoch;
        return _order;
    }
}

namespace Engram;

/// <summary>How values are recalled for a key.</summary>
public enum RecallRule
{
    /// <summary>V K⁺ k: the optimal linear mapping.</summary>
    Pseudoinverse,

    /// <summary>V softmax(β Kᵀk): attention.</summary>
    Softmax,

    /// <summary>V ReLU(β Kᵀk).</summary>
    ReLU,

    /// <summary>V β Kᵀk: the correlation matrix memory.</summary>
    DotProduct,
}

/// <summary>
/// <see cref="LinearMemory"/> and its rivals under one name. Keys and values are columns: K has shape [d_k, n],
/// V [d_v, n], queries [d_k, m].
/// </summary>
public static class AssociativeRecall
{
    // Similarities held at a time: 32 MB of float32.
    private const long Similarities = 1L << 23;

    /// <summary>The recalled values, shape [d_v, m]. The n × m similarities are never held at once.</summary>
    /// <param name="rule">How.</param>
    /// <param name="keys">K, shape [d_k, n], float32 or float64.</param>
    /// <param name="values">V, shape [d_v, n].</param>
    /// <param name="queries">Columns, shape [d_k, m].</param>
    /// <param name="inverseTemperature">
    /// β &gt; 0: how sharply softmax prefers the nearest key; a mere factor for ReLU and the dot product, and without
    /// meaning for the pseudoinverse, which passes it over.
    /// </param>
    /// <exception cref="ArgumentException">Wrong shapes, dtypes, devices or β.</exception>
    public static Tensor Recall(
        RecallRule rule, Tensor keys, Tensor values, Tensor queries, double inverseTemperature = 1)
    {
        Check(keys, values, queries);
        Guard.Positive(inverseTemperature);
        switch (rule)
        {
            case RecallRule.Pseudoinverse:
                using (var memory = LinearMemory.Fit(keys, values)) return memory.Recall(queries);
            case RecallRule.DotProduct:
                return Scope.Run(() => MatrixProduct.Of(MatrixProduct.Of(values, keys.T) * inverseTemperature, queries));
            case RecallRule.Softmax:
                return InBlocks(keys, values, queries, inverseTemperature, s => s.softmax(0));
            case RecallRule.ReLU:
                return InBlocks(keys, values, queries, inverseTemperature, s => s.relu_());
            default:
                throw new ArgumentOutOfRangeException(nameof(rule), rule, "An unknown rule.");
        }
    }

    private static Tensor InBlocks(
        Tensor keys, Tensor values, Tensor queries, double beta, Func<Tensor, Tensor> weigh) => Scope.Run(() =>
    {
        var m = queries.shape[1];
        var recalled = torch.empty(values.shape[0], m, dtype: values.dtype, device: values.device);
        var block = Math.Max(1, Similarities / Math.Max(1, keys.shape[1]));
        var scaled = (keys * beta).T;
        foreach (var (from, length) in Blocks.Of(m, block))
        {
            using var scope = torch.NewDisposeScope();
            var similarities = MatrixProduct.Of(scaled, queries.narrow(1, from, length));
            recalled.narrow(1, from, length).copy_(MatrixProduct.Of(values, weigh(similarities)));
        }

        return recalled;
    });

    private static void Check(Tensor keys, Tensor values, Tensor queries)
    {
        Guard.Rank(Guard.Floating(keys), 2);
        Guard.Rank(Guard.Like(values, keys), 2);
        Guard.Rank(Guard.Like(queries, keys), 2);
        if (values.shape[1] != keys.shape[1])
            throw new ArgumentException(
                $"values has shape {Guard.Shape(values)}; [d, {keys.shape[1]}], a column for each key, is wanted.",
                nameof(values));
        if (queries.shape[0] != keys.shape[0])
            throw new ArgumentException(
                $"queries has shape {Guard.Shape(queries)}; [{keys.shape[0]}, m] is wanted.", nameof(queries));
        if (keys.shape[1] == 0) throw new ArgumentException("keys holds no key.", nameof(keys));
    }
}

namespace Engram;

/// <summary>
/// Differentiable memory: N learned key-value prototypes, recalled by v̄(q) = Vᵀ softmax(β s(K, q)).
/// Source: "Differentiable Memory", the text that chapter 3 mirrors; with Euclidean similarity it is the
/// Nadaraya–Watson kernel regression.
/// </summary>
public sealed class KeyValueMemory : IDisposable
{
    private readonly KeyAttention _attention;

    /// <summary>A memory of given prototypes, which it copies.</summary>
    /// <param name="keys">K, shape [N, m], float32 or float64.</param>
    /// <param name="values">V, shape [N, d], the dtype and device of the keys.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <param name="similarity">s, how alike a query and a key are.</param>
    /// <exception cref="ArgumentException">Wrong shapes, dtypes or β, or values that are not finite.</exception>
    public KeyValueMemory(
        Tensor keys, Tensor values, double inverseTemperature = 1,
        KeySimilarity similarity = KeySimilarity.DotProduct)
    {
        Rows(keys, values);
        _attention = new(similarity, Guard.Positive(inverseTemperature));
        Keys = keys.detach().clone().DetachFromDisposeScope();
        Values = values.detach().clone().DetachFromDisposeScope();
    }

    /// <summary>K, shape [N, m]. Owned by the memory.</summary>
    public Tensor Keys { get; }

    /// <summary>V, shape [N, d]. Owned by the memory.</summary>
    public Tensor Values { get; }

    /// <summary>β.</summary>
    public double InverseTemperature => _attention.InverseTemperature;

    /// <summary>s, how alike a query and a key are.</summary>
    public KeySimilarity Similarity => _attention.Similarity;

    /// <summary>Fits a memory to pairs: at each step V in closed form, then Adam on K.</summary>
    /// <param name="queries">Q, shape [n, m], float32 or float64.</param>
    /// <param name="values">X, shape [n, d], the dtype and device of the queries.</param>
    /// <param name="options">The number of prototypes and of steps, the solver, and so on.</param>
    /// <param name="cancellation">Stops the fit between two steps.</param>
    /// <exception cref="ArgumentException">Wrong shapes, dtypes or options, or values that are not finite.</exception>
    /// <exception cref="ArithmeticException">The loss grew beyond all bounds, or the chosen solver broke down.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static KeyValueFit Fit(
        Tensor queries, Tensor values, KeyValueMemoryOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new();
        Rows(queries, values);
        options.Check(queries);
        return KeyValueFitting.Run(queries, values, options, EngramOptions.CancellationOr(cancellation));
    }

    /// <summary>softmax(β s(K, q)): how much each prototype has a say.</summary>
    /// <param name="queries">Shape [m] or [..., m].</param>
    /// <returns>Shape [N] or [..., N]; each row sums to 1.</returns>
    /// <exception cref="ArgumentException">Another m, dtype or device.</exception>
    public Tensor Attention(Tensor queries) => Mapped(queries, rows => _attention.Weights(rows, Keys));

    /// <summary>v̄(q), batch by batch.</summary>
    /// <param name="queries">Shape [m] or [..., m].</param>
    /// <param name="batchSize">Queries at a time; the attention of a batch is N times so many numbers.</param>
    /// <returns>Shape [d] or [..., d].</returns>
    /// <exception cref="ArgumentException">Another m, dtype or device.</exception>
    public Tensor Predict(Tensor queries, long batchSize = 8192)
    {
        Guard.AtLeast(batchSize, 1);
        return Mapped(queries, rows => Blocks.Rows(rows, batchSize, part => MatrixProduct.Of(_attention.Weights(part, Keys), Values)));
    }

    /// <summary>√mean((x - v̄(q))²) over all rows and components, summed in float64 batch by batch.</summary>
    /// <param name="queries">Q, shape [n, m].</param>
    /// <param name="values">X, shape [n, d].</param>
    /// <param name="batchSize">Rows at a time.</param>
    /// <exception cref="ArgumentException">Wrong shapes, dtypes or devices.</exception>
    public double Rmse(Tensor queries, Tensor values, long batchSize = 8192) =>
        Math.Sqrt(2 * Loss(queries, values, batchSize) / values.numel());

    /// <summary>½‖X - V̄‖², summed in float64 batch by batch.</summary>
    /// <inheritdoc cref="Rmse"/>
    public double Loss(Tensor queries, Tensor values, long batchSize = 8192)
    {
        CheckPairs(queries, values);
        Guard.AtLeast(batchSize, 1);
        var sum = 0d;
        foreach (var (from, count) in Blocks.Of(queries.shape[0], batchSize))
        {
            using var scope = torch.NewDisposeScope();
            using var quiet = torch.no_grad();
            var recalled = MatrixProduct.Of(_attention.Weights(queries.narrow(0, from, count), Keys), Values);
            sum += (recalled - values.narrow(0, from, count)).square().sum(ScalarType.Float64).item<double>();
        }

        return sum / 2;
    }

    /// <summary>∂/∂K of <see cref="Loss"/> in closed form, at the memory's K and V; V is held as it is.</summary>
    /// <param name="queries">Q, shape [n, m].</param>
    /// <param name="values">X, shape [n, d].</param>
    /// <returns>Shape [N, m].</returns>
    /// <exception cref="ArgumentException">Wrong shapes, dtypes or devices.</exception>
    public Tensor KeyGradient(Tensor queries, Tensor values)
    {
        CheckPairs(queries, values);
        return Scope.Run(() =>
        {
            using var quiet = torch.no_grad();
            return _attention.Gradient(_attention.Weights(queries, Keys), queries, values, Keys, Values);
        });
    }

    /// <summary>Writes the memory to a safetensors file; a file of that name is replaced only when all is written.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path) => KeyValueMemoryFile.Write(path, this);

    /// <summary>Reads a memory that <see cref="Save"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="device">Where it goes; the CPU by default.</param>
    /// <exception cref="InvalidDataException">No such file format, another version, or a truncated or damaged file.</exception>
    public static KeyValueMemory Load(string path, Device? device = null) =>
        KeyValueMemoryFile.Read(path, device ?? torch.CPU);

    /// <summary>Frees the memory's tensors.</summary>
    public void Dispose()
    {
        Keys.Dispose();
        Values.Dispose();
    }

    private Tensor Mapped(Tensor queries, Func<Tensor, Tensor> map)
    {
        Guard.LastDimension(Guard.Like(queries, Keys), Keys.shape[1]);
        return Scope.Run(() =>
        {
            var mapped = map(queries.reshape(-1, Keys.shape[1]));
            return mapped.reshape([.. queries.shape[..^1], mapped.shape[1]]);
        });
    }

    private void CheckPairs(Tensor queries, Tensor values)
    {
        Guard.LastDimension(Guard.Rank(Guard.Like(queries, Keys), 2), Keys.shape[1]);
        Guard.LastDimension(Guard.Rank(Guard.Like(values, Keys), 2), Values.shape[1]);
        SameRows(queries, values, nameof(queries));
    }

    private static void Rows(
        Tensor first, Tensor second,
        [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(first))] string name = "")
    {
        Guard.Vectors(Guard.Rank(Guard.Floating(first, name), 2, name), name: name);
        Guard.Vectors(Guard.Rank(Guard.Like(second, first, "values", name), 2, "values"), name: "values");
        SameRows(first, second, name);
    }

    private static void SameRows(Tensor first, Tensor values, string name)
    {
        if (first.shape[0] != values.shape[0] || first.shape[0] == 0)
            throw new ArgumentException(
                $"{name} has shape {Guard.Shape(first)} and values {Guard.Shape(values)}; " +
                "as many rows in both, and at least one, are wanted.", nameof(values));
    }
}

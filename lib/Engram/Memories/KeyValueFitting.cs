namespace Engram;

/// <summary>The fit of a key-value memory: at each step V in closed form, then Adam on K.</summary>
internal static class KeyValueFitting
{
    public static KeyValueFit Run(
        Tensor queries, Tensor values, KeyValueMemoryOptions options, CancellationToken cancellation)
    {
        using var scope = torch.NewDisposeScope();
        using var quiet = torch.no_grad();
        var attention = new KeyAttention(options.Similarity, options.InverseTemperature);
        using var batches = new RowBatches(queries, values, options.BatchSize, options.Key);
        var keys = FirstKeys(queries, options);
        var found = torch.zeros(keys.shape[0], values.shape[1], dtype: values.dtype, device: values.device);
        var adam = new AdamState(keys, options.LearningRate);
        var losses = new List<double>();
        var patience = new Patience(options.Patience, options.Tolerance);

        while (losses.Count < options.Iterations && !patience.IsOver)
        {
            cancellation.ThrowIfCancellationRequested();
            using var step = torch.NewDisposeScope();
            var (q, x, squares) = batches.At(losses.Count);
            var weights = attention.Weights(q, keys);
            var solved = KeyValueSolver.Solve(options.Solver, weights, x, options.Ridge, squares);
            adam.Step(attention.Gradient(weights, q, x, keys, solved.Values, byResidual: options.Solver == ValueSolver.NormalEquations));
            found.copy_(solved.Values);
            losses.Add(Guarded(solved.Loss, losses.Count));
            patience.Note(solved.Loss);
            options.Progress?.Report(new(losses.Count, options.Iterations, solved.Loss));
        }

        if (options.RefitValues)
            found = KeyValueSolver.Solve(
                options.Solver, attention.Weights(queries, keys), values, options.Ridge, batches.All.Squares).Values;
        var memory = new KeyValueMemory(keys, found, options.InverseTemperature, options.Similarity);
        return new(memory, losses, patience.IsOver);
    }

    private static Tensor FirstKeys(Tensor queries, KeyValueMemoryOptions options) =>
        options.InitialKeys is { } given
            ? given.clone()
            : options.Key.Normal([options.Prototypes, queries.shape[1]])
                .to(queries.dtype, queries.device).mul_(options.InitialScale);

    private static double Guarded(double loss, int step) =>
        double.IsFinite(loss)
            ? loss
            : throw new ArithmeticException(
                $"The loss is not finite after {step} steps; a smaller LearningRate or a stable Solver is wanted.");

    /// <summary>Counts the steps in which the loss has not fallen.</summary>
    private sealed class Patience(int allowed, double tolerance)
    {
        private double _best = double.PositiveInfinity;
        private int _waited;

        public bool IsOver => allowed > 0 && _waited >= allowed;

        public void Note(double loss)
        {
            _waited = loss < _best * (1 - tolerance) ? 0 : _waited + 1;
            _best = Math.Min(_best, loss);
        }
    }
}

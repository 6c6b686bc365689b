namespace Engram;

/// <summary>How alike a query q and a key k are.</summary>
public enum KeySimilarity
{
    /// <summary>qᵀk: attention, as in the source.</summary>
    DotProduct,

    /// <summary>-½‖q - k‖²: Nadaraya–Watson regression with a Gaussian kernel of bandwidth 1/√β.</summary>
    Euclidean,
}

/// <summary>How V is found from the attention A and the values X: the minimum of ‖X - AV‖² + λ‖V‖².</summary>
public enum ValueSolver
{
    /// <summary>Normal equations in float64, by Cholesky: stable where attention overlaps. The default.</summary>
    Cholesky,

    /// <summary>QR of [A; √λ I] in float64: never squares the condition; several times slower.</summary>
    Qr,

    /// <summary>The source's way: normal equations in the input's dtype, by LU. In float32 it breaks near N = 128.</summary>
    NormalEquations,
}

/// <summary>How a <see cref="KeyValueMemory"/> is fitted. The defaults are the source's.</summary>
public sealed record KeyValueMemoryOptions
{
    /// <summary>N, the number of prototypes.</summary>
    public int Prototypes { get; init; } = 64;

    /// <summary>The number of Adam's steps on the keys, at most.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Adam's step size.</summary>
    public double LearningRate { get; init; } = 5e-4;

    /// <summary>λ > 0, the ridge on V.</summary>
    public double Ridge { get; init; } = 1e-6;

    /// <summary>β > 0: the attention is softmax(β·similarity).</summary>
    public double InverseTemperature { get; init; } = 1;

    /// <summary>How alike a query and a key are.</summary>
    public KeySimilarity Similarity { get; init; } = KeySimilarity.DotProduct;

    /// <summary>How V is found.</summary>
    public ValueSolver Solver { get; init; } = ValueSolver.Cholesky;

    /// <summary>The key of the first prototypes and of the batches' order.</summary>
    public PrngKey Key { get; init; } = PrngKey.Create(0);

    /// <summary>The standard deviation of the first keys, normal around zero.</summary>
    public double InitialScale { get; init; } = 0.01;

    /// <summary>The first keys, shape [N, m], instead of random ones; <see cref="Prototypes"/> is then theirs.</summary>
    public Tensor? InitialKeys { get; init; }

    /// <summary>Rows in a step's batch; 0 takes all. With batches a last solution over all rows gives V.</summary>
    public int BatchSize { get; init; }

    /// <summary>
    /// Whether V is found once more for the last keys. The source returns V for the keys before the last step:
    /// false gives that.
    /// </summary>
    public bool RefitValues { get; init; } = true;

    /// <summary>Stop when the loss has not fallen by <see cref="Tolerance"/> for so many steps; 0 runs all.</summary>
    public int Patience { get; init; }

    /// <summary>The fall of the loss, relative to the best so far, that counts as one.</summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Told about every step.</summary>
    public IProgress<KeyValueProgress>? Progress { get; init; }

    internal void Check(Tensor queries)
    {
        Guard.AtLeast(Prototypes, 1);
        Guard.AtLeast(Iterations, 0);
        Guard.Positive(LearningRate);
        Guard.Positive(Ridge);
        Guard.Positive(InverseTemperature);
        Guard.Positive(InitialScale);
        Guard.AtLeast(BatchSize, 0);
        Guard.AtLeast(Patience, 0);
        if (!(Tolerance >= 0 && Tolerance < 1))
            throw new ArgumentOutOfRangeException(
                nameof(Tolerance), Tolerance, "Tolerance must be at least 0 and less than 1.");
        if (InitialKeys is not null)
            Guard.Vectors(
                Guard.Rank(Guard.Like(InitialKeys, queries, nameof(InitialKeys)), 2, nameof(InitialKeys)),
                queries.shape[1], nameof(InitialKeys));
    }
}

/// <summary>How far a fit has come.</summary>
/// <param name="Iteration">Steps done.</param>
/// <param name="Iterations">Steps asked.</param>
/// <param name="Loss">½‖X - AV‖² over the step's rows.</param>
public readonly record struct KeyValueProgress(int Iteration, int Iterations, double Loss);

namespace Engram.Benchmarks;

/// <summary>The workloads of the table; the peer's script has the same by the same names.</summary>
internal static class Workloads
{
    /// <summary>Where the inputs live; the work follows them.</summary>
    public static Device Device { get; set; } = Devices.Cpu;

    public static IReadOnlyList<Workload> All { get; } =
    [
        new("grid", "LSE energy over 50×50, K=8", 2, new Cost(Exponentials: 2500 * 8), Grid),
        new("descent-1", "exact descent, 1 query, D=2, K=8, 1,000 steps", 0, new Cost(Exponentials: 8000), () => Descent(1, 2, 8))
        {
            AsWrittenTarget = 50,
        },
        new("descent-100", "exact descent, 100 queries, D=30, K=20, 1,000 steps", 3,
            new Cost(Flops: 1000.0 * 100 * 20 * 30 * 5, Exponentials: 2e6), () => Descent(100, 30, 20))
        {
            AsWrittenTarget = 10,
        },
        new("consolidate-20", "T of 20 memories, D=30, Y=1e5", 2, Features(20, 30), () => Consolidate(20, 30)),
        new("consolidate-d30", "T of 100,000 memories, D=30, Y=1e5 (of 2,000, × 50)", 2, Features(2000, 30), () => Consolidate(2000, 30)),
        new("consolidate-d256", "T of 100,000 memories, D=256, Y=1e5 (of 1,000, × 100)", 2, Features(1000, 256), () => Consolidate(1000, 256)),
        new("approximate-energy", "approximate energy, 100 queries, D=30, Y=1e5", 4, Features(100, 30), ApproximateEnergy),
        new("approximate-descent", "approximate descent, 10 queries × 10 steps, D=30, Y=1e5", 8,
            new Cost(Flops: 4.0 * 100 * 30 * 1e5, Bytes: 10 * 30 * 4e5, Cosines: 2e7), ApproximateDescent),
        new("pseudoinverse", "pseudoinverse fit and recall, d=1024, n=8192, full row rank", 0,
            new Cost(Flops: 3 * 2 * 1024.0 * 1024 * 8192), Pseudoinverse)
        {
            HasPlain = false,
            AsWrittenTarget = 5,
        },
        new("key-value-64", "differentiable memory, 10 steps, N=64", 0, KeyValueSteps(64), () => KeyValue(64))
        {
            HasPlain = false,
            AsWrittenTarget = 3,
        },
        new("key-value-256", "differentiable memory, 10 steps, N=256", 0, KeyValueSteps(256), () => KeyValue(256))
        {
            HasPlain = false,
            AsWrittenTarget = 2,
        },
        new("normals", "3,000,000 normals (JAX-exact; torch.randn)", 2, new Cost(Bytes: 12e6), Normals) { HasPlain = false },
    ];

    private static Cost Features(double vectors, double dimension) =>
        new(Flops: 2 * vectors * dimension * 1e5, Bytes: dimension * 4e5, Cosines: 2 * vectors * 1e5);

    private static Action Grid()
    {
        var points = linspace(-5, 5, 50, device: Device);
        var grid = stack(meshgrid([points, points], indexing: "xy").ToArray(), -1).contiguous();
        var energy = new LogSumExpEnergy(PrngKey.Create(1).Uniform([8, 2], -5, 5, Device), 1);
        return () => energy.Value(grid);
    }

    private static Action Descent(long queries, long dimension, long memories)
    {
        var energy = new LogSumExpEnergy(PrngKey.Create(1).Normal([memories, dimension], Device), 1);
        var state = PrngKey.Create(2).Normal([queries, dimension], Device);
        var options = new DescentOptions { Steps = 1000, StepSize = 0.01 };
        return () => EnergyDescent.Run(energy, state, options);
    }

    private static DrDam Dam(long dimension) => new(PrngKey.Create(3), dimension, 100_000, dimension == 30 ? 25 : 2, Device);

    private static Tensor Binary(int seed, long count, long dimension) =>
        PrngKey.Create(seed).Uniform([count, dimension], device: Device).gt(0.5).to(ScalarType.Float32) / Math.Sqrt(dimension);

    private static Action Consolidate(long memories, long dimension)
    {
        var (dam, xi) = (Dam(dimension), Binary(4, memories, dimension));
        return () => dam.Consolidate(xi);
    }

    private static Action ApproximateEnergy()
    {
        var (dam, queries) = (Dam(30), Binary(5, 100, 30));
        var energy = dam.Approximate(dam.Consolidate(Binary(4, 20, 30)));
        return () => energy.Value(queries);
    }

    private static Action ApproximateDescent()
    {
        var (dam, queries) = (Dam(30), Binary(5, 10, 30));
        var memory = dam.Consolidate(Binary(4, 20, 30));
        var options = new DescentOptions { Steps = 10, StepSize = 0.1 };
        return () => dam.ApproximateDescend(queries, memory, options);
    }

    private static Action Pseudoinverse()
    {
        var (keys, values) = (PrngKey.Create(7).Normal([1024, 8192], Device), PrngKey.Create(8).Normal([1024, 8192], Device));
        return () =>
        {
            using var memory = LinearMemory.Fit(keys, values);
            memory.Recall(keys);
        };
    }

    // AᵀX, XVᵀ, A(VVᵀ), five eighths of AᵀA, QKᵀ and the product that gives ∂L/∂K: ten times.
    private static Cost KeyValueSteps(double count) =>
        new(Flops: 10 * 2 * 1e4 * (2 * count * 784 + 1.625 * count * count + 2 * count * 78));

    private static Action KeyValue(int count)
    {
        var queries = PrngKey.Create(9).Uniform([10_000, 78], device: Device);
        var values = PrngKey.Create(10).Uniform([10_000, 784], device: Device);
        var options = new KeyValueMemoryOptions { Prototypes = count, Iterations = 10, RefitValues = false };
        return () => KeyValueMemory.Fit(queries, values, options).Memory.Dispose();
    }

    private static Action Normals()
    {
        var key = PrngKey.Create(6);
        return () => key.Normal([3_000_000], Device);
    }
}

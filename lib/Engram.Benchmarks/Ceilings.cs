namespace Engram.Benchmarks;

/// <summary>What the machine can do through libtorch, measured in the same run.</summary>
/// <param name="Flops">Floating-point operations a second of a float32 matrix product.</param>
/// <param name="DoubleFlops">The same of a float64 one.</param>
/// <param name="Bytes">Bytes a second of a copy, read and written.</param>
/// <param name="Cosine">Seconds of one cosine.</param>
/// <param name="Exponential">Seconds of one exponential.</param>
internal sealed record Ceilings(double Flops, double DoubleFlops, double Bytes, double Cosine, double Exponential)
{
    public static Ceilings Measure()
    {
        using var scope = NewDisposeScope();
        var device = Workloads.Device;
        Tensor a = randn([2048, 2048], device: device), b = randn([2048, 2048], device: device);
        Tensor large = randn([1 << 25], device: device), target = empty([1 << 25], device: device);
        var product = Stopwatches.Best(() => a.mm(b));
        Tensor c = a.to(ScalarType.Float64), d = b.to(ScalarType.Float64);
        var wide = Stopwatches.Best(() => c.mm(d));
        var copy = Stopwatches.Best(() => target.copy_(large));
        var medium = large.narrow(0, 0, 1 << 22);
        var cosine = Stopwatches.Best(() => medium.cos());
        var exponential = Stopwatches.Best(() => medium.exp());
        return new Ceilings(
            2 * Math.Pow(2048, 3) / product, 2 * Math.Pow(2048, 3) / wide, 8.0 * (1 << 25) / copy, cosine / (1 << 22), exponential / (1 << 22));
    }

    /// <summary>The least seconds that so much work takes at these rates, if all of it could go on at once.</summary>
    public double Floor(Cost cost) =>
        Math.Max(cost.Flops / Flops + cost.DoubleFlops / DoubleFlops, Math.Max(cost.Bytes / Bytes, cost.Cosines * Cosine + cost.Exponentials * Exponential));

    public override string ToString() =>
        $"matrix product {Flops / 1e9:0} GFLOPS (float64 {DoubleFlops / 1e9:0}), copy {Bytes / 1e9:0} GB/s, " +
        $"cos {Cosine * 1e9:0.000} ns, exp {Exponential * 1e9:0.000} ns ({(Workloads.Device.type == DeviceType.CUDA ? "CUDA" : get_num_threads() + " threads")})";
}

/// <summary>What a workload cannot do without.</summary>
internal readonly record struct Cost(double Flops = 0, double Bytes = 0, double Cosines = 0, double Exponentials = 0, double DoubleFlops = 0);

namespace Engram;

/// <summary>Derivatives by central differences, for holding the exact ones against.</summary>
/// <remarks>
/// The step for a derivative of order k is ε^(1/(k+2)) max(1, max|x|), where ε is the rounding unit of x's dtype: it
/// balances the truncation error O(h²) with the rounding error O(ε/hᵏ). Along a vector v it is divided by max|v|.
/// </remarks>
internal sealed class FiniteDifferences : Evaluation
{
    private readonly Func<Tensor, Tensor> f;
    private readonly double? step;

    public FiniteDifferences(Func<Tensor, Tensor> f, Tensor x, double? step, bool attached)
    {
        this.f = f;
        this.step = step;
        // A copy, which the function may change in place.
        Input = attached ? x : x.detach();
        Output = CheckOutput(f(Input.clone()));
    }

    public override Tensor Input { get; }

    public override Tensor Output { get; }

    public override Tensor Gradient()
    {
        ScalarOutput();
        return Jacobian();
    }

    public override Tensor Jacobian() => Assemble(Slopes(), Output.shape);

    public override Tensor JacobianV(Tensor v) => Along(v, Step(1), Output, Central);

    public override Tensor JacobianTv(Tensor v) => Assemble(Slopes().Select(slope => (slope * v).sum()), []);

    public override Tensor Divergence() => Sum(Slopes().Select((slope, i) => slope.reshape(-1)[i]));

    public override Tensor Hessian()
    {
        ScalarOutput();
        var h = Step(2);
        Tensor[] units = [.. Units(h)];
        return Assemble(units.Select(a => Assemble(units.Select(b => Mixed(a, b, h)), [])), Input.shape);
    }

    public override Tensor HessianV(Tensor v)
    {
        ScalarOutput();
        return Along(v, Step(2), Input, (u, h) => Assemble(Units(h).Select(e => Mixed(u, e, h)), []));
    }

    public override Tensor Laplacian()
    {
        ScalarOutput();
        var h = Step(2);
        return Sum(Units(h).Select(e => Mixed(e, e, h)));
    }

    public override Tensor[] Derivatives(int n) => [Value, .. Enumerable.Range(1, n).Select(Derivative)];

    /// <summary>Σⱼ (−1)ʲ C(n, j) f(x + (n/2 − j) h) / hⁿ.</summary>
    private Tensor Derivative(int n)
    {
        var (h, binomial, sum) = (Step(n), 1.0, torch.zeros_like(Output));
        for (var j = 0; j <= n; j++)
        {
            sum = sum + (j % 2 == 0 ? binomial : -binomial) * At((n / 2.0 - j) * h * torch.ones_like(Input));
            binomial = binomial * (n - j) / (j + 1);
        }

        return sum / Math.Pow(h, n);
    }

    /// <summary>[f(x + u) − f(x − u)] / 2h for u of length h.</summary>
    private Tensor Central(Tensor u, double h) => (At(u) - At(-u)) / (2 * h);

    /// <summary>[f(x+a+b) − f(x+a−b) − f(x−a+b) + f(x−a−b)] / 4h² for a and b of length h.</summary>
    private Tensor Mixed(Tensor a, Tensor b, double h) =>
        (At(a + b) - At(a - b) - At(b - a) + At(-a - b)) / (4 * h * h);

    private Tensor At(Tensor offset)
    {
        var y = CheckOutput(f(Input + offset));
        return y.shape.AsSpan().SequenceEqual(Output.shape)
            ? y
            : throw new ArgumentException(
                $"f returned shape {Guard.Shape(Output)}, then {Guard.Shape(y)}; one shape is wanted.", nameof(f));
    }

    private IEnumerable<Tensor> Slopes()
    {
        var h = Step(1);
        return Units(h).Select(e => Central(e, h));
    }

    /// <summary>A derivative along v, linear in it: taken along v h / max|v|, then scaled.</summary>
    private static Tensor Along(Tensor v, double h, Tensor like, Func<Tensor, double, Tensor> derivative)
    {
        var length = Largest(v);
        return length == 0 ? torch.zeros_like(like) : derivative(v * (h / length), h) * length;
    }

    private IEnumerable<Tensor> Units(double length)
    {
        for (long i = 0; i < Input.numel(); i++)
        {
            var unit = torch.zeros(Input.numel(), dtype: Input.dtype, device: Input.device);
            unit[i] = length;
            yield return unit.reshape(Input.shape);
        }
    }

    private double Step(int order)
    {
        if (step is { } given) return given;
        var unit = Input.dtype == ScalarType.Float64 ? Math.Pow(2, -52) : Math.Pow(2, -23);
        return Math.Pow(unit, 1.0 / (order + 2)) * Math.Max(1, Largest(Input));
    }

    private static double Largest(Tensor x) =>
        x.numel() == 0 ? 0 : x.detach().abs().max().to(ScalarType.Float64).item<double>();

    /// <summary>Derivatives by each input element, as one tensor of shape [outer..., input shape...].</summary>
    private Tensor Assemble(IEnumerable<Tensor> byElement, long[] outer) =>
        Input.numel() == 0
            ? torch.zeros([.. outer, .. Input.shape], dtype: Input.dtype, device: Input.device)
            : torch.stack([.. byElement], -1).to(Input.dtype).reshape([.. outer, .. Input.shape]);

    private Tensor Sum(IEnumerable<Tensor> terms) =>
        terms.Aggregate(torch.zeros([], dtype: Input.dtype, device: Input.device), (sum, term) => sum + term);
}

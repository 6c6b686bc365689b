namespace Engram;

// The mathematics alone: a value beside its gradient. Nothing is checked here, and the callers own the scope.
internal static class LagrangianFormulas
{
    // Above this softplus(z) and z agree to the last bit of float64, and exp(z) is far from float32's end.
    private const double SoftplusThreshold = 40;

    public static Tensor Identity(Tensor x) => 0.5 * x * x;

    public static Tensor IdentityActivation(Tensor x) => x.clone();

    public static Tensor Repu(Tensor x, double degree) => PositivePower(x, degree) / degree;

    public static Tensor RepuActivation(Tensor x, double degree) => PositivePower(x, degree - 1);

    public static Tensor Exp(Tensor x, Tensor beta) => (beta * x).exp() / beta;

    public static Tensor ExpActivation(Tensor x, Tensor beta) => (beta * x).exp();

    public static Tensor Rexp(Tensor x, Tensor beta)
    {
        var rectified = x.relu();
        return (beta * rectified).exp() / beta - rectified;
    }

    public static Tensor RexpActivation(Tensor x, Tensor beta) => (beta * x.relu()).expm1();

    public static Tensor Tanh(Tensor x, Tensor beta) => LogCosh(beta * x) / beta;

    public static Tensor TanhActivation(Tensor x, Tensor beta) => (beta * x).tanh();

    public static Tensor Sigmoid(Tensor x, Tensor beta, Tensor scale) => scale / beta * Softplus(beta * x);

    public static Tensor SigmoidActivation(Tensor x, Tensor beta, Tensor scale) => scale * (beta * x).sigmoid();

    public static Tensor Softmax(Tensor x, Tensor beta, long axis) => (beta * x).logsumexp(axis) / beta;

    public static Tensor SoftmaxUnstable(Tensor x, Tensor beta, long axis) =>
        Sum(ExpActivation(x, beta), axis).log() / beta;

    public static Tensor SoftmaxActivation(Tensor x, Tensor beta, long axis) => (beta * x).softmax(axis);

    // log(1 + Σ exp βx) is the softplus of log Σ exp βx.
    public static Tensor Ghostmax(Tensor x, Tensor beta, long axis) =>
        Softplus((beta * x).logsumexp(axis)) / beta;

    public static Tensor GhostmaxActivation(Tensor x, Tensor beta, long axis)
    {
        var scaled = beta * x;
        return (scaled - Softplus(scaled.logsumexp(axis, keepdim: true))).exp();
    }

    public static Tensor LayerNorm(Tensor x, Tensor gamma, Tensor delta, long axis, double epsilon)
    {
        var deviation = Root(Mean(Centred(x, axis).square(), axis) + epsilon);
        return x.shape[Index(x, axis)] * gamma * deviation + Sum(delta * x, axis);
    }

    public static Tensor LayerNormActivation(Tensor x, Tensor gamma, Tensor delta, long axis, double epsilon)
    {
        var centred = Centred(x, axis);
        return gamma * centred * ReciprocalRoot(Mean(centred.square(), axis, keep: true) + epsilon) + delta;
    }

    public static Tensor SphericalNorm(Tensor x, Tensor gamma, Tensor delta, long axis, double epsilon) =>
        gamma * Root(Sum(x.square(), axis) + epsilon) + Sum(delta * x, axis);

    public static Tensor SphericalNormActivation(Tensor x, Tensor gamma, Tensor delta, long axis, double epsilon) =>
        gamma * x * ReciprocalRoot(Sum(x.square(), axis, keep: true) + epsilon) + delta;

    // cosh overflows float32 at 89, and near 0 the logarithm of 1 + z²/2 loses z; so each half has its own form.
    private static Tensor LogCosh(Tensor z)
    {
        var small = z.clamp(-1.0, 1.0);
        var near = (2 * (0.5 * small).sinh().square()).log1p();
        var size = z.abs();
        var far = size + (-2 * size).exp().log1p() - Math.Log(2);
        return torch.where(size < 1, near, far);
    }

    private static Tensor Softplus(Tensor z) => torch.nn.functional.softplus(z, 1, SoftplusThreshold);

    // max(x, 0)^p. The power never sees x = 0, where its derivatives are infinite for small p.
    private static Tensor PositivePower(Tensor x, double power) => WherePositive(x, v => v.pow(power));

    // √v with derivative 0, not infinity, at v = 0 (which needs ε = 0).
    private static Tensor Root(Tensor v) => WherePositive(v, positive => positive.sqrt());

    private static Tensor ReciprocalRoot(Tensor v) => WherePositive(v, positive => positive.rsqrt());

    // f(v) where v > 0, else 0 with all derivatives 0: f and its gradients only ever see positive numbers.
    private static Tensor WherePositive(Tensor v, Func<Tensor, Tensor> f)
    {
        var positive = v > 0;
        return torch.where(positive, f(torch.where(positive, v, v.ones_like())), v.zeros_like());
    }

    private static Tensor Centred(Tensor x, long axis) => x - Mean(x, axis, keep: true);

    private static Tensor Sum(Tensor x, long axis, bool keep = false) => x.sum([axis], keepdim: keep);

    private static Tensor Mean(Tensor x, long axis, bool keep = false) => x.mean([axis], keepdim: keep);

    private static int Index(Tensor x, long axis) => (int)(axis < 0 ? axis + x.dim() : axis);
}

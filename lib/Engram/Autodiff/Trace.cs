using System.Runtime.InteropServices;

namespace Engram;

/// <summary>An evaluation whose operations are recorded, and its derivatives by running the record backward.</summary>
/// <remarks>
/// Each evaluation differentiates with respect to a tensor of its own, so that evaluations nested over the same or
/// over other variables cannot be confused.
/// </remarks>
internal sealed class Trace : Evaluation
{
    private readonly bool attached;
    private Tensor? recordedGradient;

    public Trace(Func<Tensor, Tensor> f, Tensor x, bool attached)
    {
        this.attached = attached;
        // TorchSharp's alias() is the same tensor again; a view is one of its own.
        Input = attached && x.requires_grad ? x.view_as(x) : Leaf(x);
        // Inside another graph the function gets a copy: a change in place must reach neither x nor the view.
        Output = CheckOutput(f(Input.is_leaf ? Input : Input.clone()));
        if (Input.IsInvalid) throw new ArgumentException("f disposed its argument.", nameof(f));
        // A function may have left gradients switched off.
        if (!torch.is_grad_enabled()) torch.set_grad_enabled(true);
    }

    public override Tensor Input { get; }

    public override Tensor Output { get; }

    public override Tensor Gradient() => recordedGradient ?? Pull(ScalarOutput());

    public override Tensor Hessian() => Jacobians.Rows(RecordedGradient(), Input, attached);

    public override Tensor HessianV(Tensor v) =>
        GuardedGradient.Product(RecordedGradient(), Input, v, keepGraph: false, attached);

    public override Tensor Laplacian() => Jacobians.Trace(RecordedGradient(), Input, attached);

    public override Tensor Jacobian() =>
        // Forward mode runs through a graph about twice as large.
        2 * Input.numel() < Output.numel()
            ? Jacobians.Columns(Output, Input, attached)
            : Jacobians.Rows(Output, Input, attached);

    public override Tensor JacobianV(Tensor v) => Push(Output, v, attached);

    public override Tensor JacobianTv(Tensor v) =>
        GuardedGradient.Product(Output, Input, v, keepGraph: false, attached);

    public override Tensor Divergence() => Jacobians.Trace(Output, Input, attached);

    public override Tensor[] Derivatives(int n)
    {
        var orders = new Tensor[n + 1];
        orders[0] = Value;
        for (var (i, y) = (1, Output); i <= n; i++) orders[i] = y = Slope(y, record: attached || i < n);
        return orders;
    }

    private Tensor RecordedGradient() => recordedGradient ??= Pull(ScalarOutput(), record: true);

    private Tensor Slope(Tensor y, bool record) =>
        y.dim() == 0 ? Pull(y, record) : Push(y, torch.ones_like(Input), record);

    private Tensor Pull(Tensor scalar, bool record = false) =>
        GuardedGradient.Product(scalar, Input, torch.ones_like(scalar), keepGraph: false, record || attached);

    /// <summary>Jv, by differentiating uᵀJ, which is linear in u, once more.</summary>
    private Tensor Push(Tensor y, Tensor v, bool record)
    {
        var u = torch.zeros_like(y).requires_grad_();
        var pulled = GuardedGradient.Product(y, Input, u, keepGraph: true, record: true);
        return GuardedGradient.Product(pulled, u, v, keepGraph: false, record);
    }

    private static Tensor Leaf(Tensor x)
    {
        try
        {
            return x.detach().requires_grad_();
        }
        catch (ExternalException)
        {
            // Made in inference mode: only a copy can require a gradient.
            return x.detach().clone().requires_grad_();
        }
    }
}

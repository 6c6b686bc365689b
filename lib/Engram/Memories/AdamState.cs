namespace Engram;

/// <summary>Adam's moments for one tensor, updated in place. Source: Kingma and Ba (2015); optax's defaults.</summary>
internal sealed class AdamState(Tensor parameter, double learningRate)
{
    private const double Decay1 = 0.9, Decay2 = 0.999, Epsilon = 1e-8;

    private readonly Tensor _first = torch.zeros_like(parameter);
    private readonly Tensor _second = torch.zeros_like(parameter);
    private int _steps;

    /// <summary>One step against the gradient.</summary>
    public void Step(Tensor gradient)
    {
        _steps++;
        _first.mul_(Decay1).add_(gradient, alpha: 1 - Decay1);
        _second.mul_(Decay2).addcmul_(gradient, gradient, 1 - Decay2);
        var mean = _first / (1 - Math.Pow(Decay1, _steps));
        var deviation = (_second / (1 - Math.Pow(Decay2, _steps))).sqrt_().add_(Epsilon);
        parameter.addcdiv_(mean, deviation, -learningRate);
    }
}

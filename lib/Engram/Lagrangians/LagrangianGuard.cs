using System.Runtime.CompilerServices;

namespace Engram;

/// <summary>Checks of the parameters that Lagrangians take.</summary>
internal static class LagrangianGuard
{
    /// <summary>A finite degree greater than 1, below which max(x, 0)ⁿ has a kink.</summary>
    public static double Degree(double degree) =>
        double.IsFinite(degree) && degree > 1
            ? degree
            : throw new ArgumentOutOfRangeException(
                nameof(degree), degree, "degree must be finite and greater than 1, else there is no gradient at 0.");

    /// <summary>Finite and at least 0.</summary>
    public static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and at least 0.");

    /// <summary>Finite.</summary>
    public static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value)
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite.");

    /// <summary>Floating-point states that have the axis.</summary>
    public static long Axis(Tensor x, long axis, [CallerArgumentExpression(nameof(x))] string name = "")
    {
        Guard.Floating(x, name);
        if (x.dim() == 0)
            throw new ArgumentException($"{name} has shape []; at least one dimension is wanted.", name);
        return axis >= -x.dim() && axis < x.dim()
            ? axis
            : throw new ArgumentOutOfRangeException(
                nameof(axis), axis, $"axis must lie in [{-x.dim()}, {x.dim() - 1}], for {name} has shape {Guard.Shape(x)}.");
    }

    /// <summary>An axis of a module, counted from the end, among the dimensions that are neurons.</summary>
    public static long NeuronAxis(long axis, int dimensions) =>
        axis < 0 && axis >= -dimensions
            ? axis
            : throw new ArgumentOutOfRangeException(
                nameof(axis), axis, $"axis must lie in [{-dimensions}, -1], among the {dimensions} dimensions of neurons.");

    /// <summary>A floating-point number in a tensor of no dimension. It is not read, so that no device need wait.</summary>
    public static Tensor Parameter(
        Tensor parameter, [CallerArgumentExpression(nameof(parameter))] string name = "")
    {
        Guard.Floating(parameter, name);
        return parameter.dim() == 0
            ? parameter
            : throw new ArgumentException($"{name} has shape {Guard.Shape(parameter)}; one number, [], is wanted.", name);
    }

    public static void Norm(double gamma, double delta, double epsilon)
    {
        NotNegative(gamma);
        Finite(delta);
        NotNegative(epsilon);
    }

    public static void Norm(Tensor x, Tensor gamma, Tensor delta, double epsilon)
    {
        Parameter(gamma);
        Broadcastable(Guard.Floating(delta), x);
        NotNegative(epsilon);
    }

    private static void Broadcastable(
        Tensor shift, Tensor x)
    {
        var surplus = (int)(x.dim() - shift.dim());
        for (var i = 0; i < shift.dim(); i++)
            if (surplus < 0 || (shift.shape[i] != 1 && shift.shape[i] != x.shape[i + surplus]))
                throw new ArgumentException(
                    $"delta has shape {Guard.Shape(shift)}; one that broadcasts to {Guard.Shape(x)} is wanted.", "delta");
    }
}

using System.Runtime.CompilerServices;

namespace Engram;

/// <summary>Checks at the door: each names the argument, what came and what was wanted.</summary>
internal static class Guard
{
    /// <summary>A real floating-point tensor (float32 or float64), not null, not disposed.</summary>
    public static Tensor Floating(Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        Alive(tensor, name);
        return tensor.dtype is ScalarType.Float32 or ScalarType.Float64
            ? tensor
            : throw new ArgumentException($"{name} has dtype {tensor.dtype}; float32 or float64 is wanted.", name);
    }

    /// <summary>Not null and not disposed.</summary>
    public static Tensor Alive(Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        ArgumentNullException.ThrowIfNull(tensor, name);
        return tensor.IsInvalid ? throw new ArgumentException($"{name} has been disposed.", name) : tensor;
    }

    /// <summary>Neither NaN nor infinite anywhere. Reads the whole tensor.</summary>
    public static Tensor Finite(Tensor tensor, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        return FiniteNumbers.AreAll(tensor)
            ? tensor
            : throw new ArgumentException($"{name} holds NaN or infinite values; finite ones are wanted.", name);
    }

    /// <summary>Exactly the given number of dimensions.</summary>
    public static Tensor Rank(Tensor tensor, int rank, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        tensor.dim() == rank
            ? tensor
            : throw new ArgumentException($"{name} has shape {Shape(tensor)}; {rank} dimensions are wanted.", name);

    /// <summary>Shape [..., size].</summary>
    public static Tensor LastDimension(
        Tensor tensor, long size, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        tensor.dim() >= 1 && tensor.shape[^1] == size
            ? tensor
            : throw new ArgumentException($"{name} has shape {Shape(tensor)}; [..., {size}] is wanted.", name);

    /// <summary>The dtype and device of another tensor.</summary>
    public static Tensor Like(
        Tensor tensor, Tensor other,
        [CallerArgumentExpression(nameof(tensor))] string name = "",
        [CallerArgumentExpression(nameof(other))] string otherName = "")
    {
        if (tensor.dtype != other.dtype)
            throw new ArgumentException(
                $"{name} has dtype {tensor.dtype}; that of {otherName}, {other.dtype}, is wanted.", name);
        return tensor.device_type == other.device_type && tensor.device_index == other.device_index
            ? tensor
            : throw new ArgumentException(
                $"{name} lives on {tensor.device}; the device of {otherName}, {other.device}, is wanted.", name);
    }

    /// <summary>Finite and greater than zero.</summary>
    public static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) && value > 0
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be finite and greater than zero.");

    /// <summary>At least the given whole number.</summary>
    public static long AtLeast(long value, long least, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= least
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must be at least {least}.");

    /// <summary>Vectors [..., D]: float32 or float64, finite, D at least 1 and, where given, of that size.</summary>
    public static Tensor Vectors(
        Tensor tensor, long? dimension = null, [CallerArgumentExpression(nameof(tensor))] string name = "")
    {
        Floating(tensor, name);
        if (dimension is { } size) LastDimension(tensor, size, name);
        if (tensor.dim() == 0 || tensor.shape[^1] == 0)
            throw new ArgumentException($"{name} has shape {Shape(tensor)}; [..., D] with D at least 1 is wanted.", name);
        return Finite(tensor, name);
    }

    /// <summary>One vector [D], as <see cref="Vectors"/> has it.</summary>
    public static Tensor Vector(
        Tensor tensor, long dimension, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        Rank(Vectors(tensor, dimension, name), 1, name);

    /// <summary>Rows [N, D], as <see cref="Vectors"/> has it.</summary>
    public static Tensor Matrix(
        Tensor tensor, long? dimension = null, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        Rank(Vectors(tensor, dimension, name), 2, name);

    /// <summary>Rows [N, D], as <see cref="Matrix"/> has it, N at least 1.</summary>
    public static Tensor SomeRows(
        Tensor tensor, long? dimension = null, [CallerArgumentExpression(nameof(tensor))] string name = "") =>
        Matrix(tensor, dimension, name).shape[0] > 0
            ? tensor
            : throw new ArgumentException(
                $"{name} has shape {Shape(tensor)}, without a row; [N, D] with N at least 1 is wanted.", name);

    /// <summary>A shape that broadcasts with that of another tensor.</summary>
    public static Tensor Broadcast(
        Tensor tensor, Tensor other,
        [CallerArgumentExpression(nameof(tensor))] string name = "",
        [CallerArgumentExpression(nameof(other))] string otherName = "")
    {
        var pairs = tensor.shape.Reverse().Zip(other.shape.Reverse());
        return pairs.All(sizes => sizes.First == sizes.Second || sizes.First == 1 || sizes.Second == 1)
            ? tensor
            : throw new ArgumentException(
                $"{name} has shape {Shape(tensor)}; one that broadcasts with {otherName}, {Shape(other)}, is wanted.", name);
    }

    /// <summary>A shape as text, such as [3, 4].</summary>
    public static string Shape(Tensor tensor) => $"[{string.Join(", ", tensor.shape)}]";
}

namespace Engram;

/// <summary>
/// The radial basis function kernel κ(√β x, √β y) = exp(−β/2 ‖x − y‖²).
/// Source: distributed memory, "Viewing energy as a kernel sum"; <c>rbfkernel</c> there.
/// </summary>
public static class RbfKernel
{
    /// <summary>The kernel of each pair of vectors that stand at the same place.</summary>
    /// <param name="x">Shape [..., D], float32 or float64.</param>
    /// <param name="y">Shape [..., D], of the same dtype and device; leading dimensions broadcast.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <returns>Shape [...], values in [0, 1].</returns>
    /// <exception cref="ArgumentException">
    /// Shapes that do not fit, different dtypes or devices, NaN or infinite values, or β that is not finite and positive.
    /// </exception>
    public static Tensor Value(Tensor x, Tensor y, double inverseTemperature)
    {
        Guard.Vectors(x);
        Guard.Vectors(y, x.shape[^1]);
        Guard.Like(y, x);
        Guard.Broadcast(y, x);
        Guard.Positive(inverseTemperature);
        return Scope.Run(() => (SquaredDistances.HalfNorms(x - y) * -inverseTemperature).exp());
    }

    /// <summary>The kernel of every row of one matrix with every row of another.</summary>
    /// <param name="x">Shape [N, D], float32 or float64.</param>
    /// <param name="y">Shape [M, D], of the same dtype and device.</param>
    /// <param name="inverseTemperature">β &gt; 0.</param>
    /// <returns>Shape [N, M], values in [0, 1].</returns>
    /// <remarks>
    /// Up to M·D = 1024 the distances are differences, with a relative error of some ε. Above it they are products
    /// about the mean of <paramref name="y"/>: then the relative error of a kernel value is some ε·β·R², R the
    /// largest distance from that mean.
    /// </remarks>
    /// <exception cref="ArgumentException">As for <see cref="Value"/>.</exception>
    public static Tensor Matrix(Tensor x, Tensor y, double inverseTemperature)
    {
        Guard.Matrix(x);
        Guard.Matrix(y, x.shape[1]);
        Guard.Like(y, x);
        Guard.Positive(inverseTemperature);
        return Scope.Run(() => (SquaredDistances.Halved(x, y) * -inverseTemperature).exp());
    }
}

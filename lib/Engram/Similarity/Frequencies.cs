namespace Engram;

/// <summary>Random frequencies ω for feature maps of the RBF kernel, float32, as functions of a key.</summary>
public static class Frequencies
{
    /// <summary>Independent standard normal frequencies, JAX's <c>jr.normal(key, (Y, D))</c>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Y, at least 1.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="device">Where they go; the CPU by default.</param>
    /// <returns>Shape [Y, D].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static Tensor Gaussian(PrngKey key, long features, long dimension, Device? device = null)
    {
        Guard.AtLeast(features, 1);
        Guard.AtLeast(dimension, 1);
        return key.Normal([features, dimension], device);
    }

    /// <summary>
    /// Frequencies that are orthogonal in blocks of D rows, each row of the law of a standard normal one: random
    /// directions from a QR decomposition, lengths of chi law with D degrees of freedom. The kernel estimate stays
    /// unbiased and its variance falls. Source: Yu et al. 2016, "Orthogonal random features".
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Y, at least 1; the last block is cut where D does not divide it.</param>
    /// <param name="dimension">D, at least 1.</param>
    /// <param name="device">Where they go; the CPU by default.</param>
    /// <returns>Shape [Y, D].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static Tensor Orthogonal(PrngKey key, long features, long dimension, Device? device = null)
    {
        Guard.AtLeast(features, 1);
        Guard.AtLeast(dimension, 1);
        var (directions, lengths) = (key.FoldIn(0), key.FoldIn(1));
        return Scope.Run(() =>
        {
            var blocks = (features + dimension - 1) / dimension;
            var (q, r) = linalg.qr(directions.Normal([blocks, dimension, dimension]));
            // The signs of R's diagonal make Q uniform over the orthogonal group.
            var uniform = q * r.diagonal(0, -2, -1).sign().unsqueeze(-2);
            var rows = uniform.reshape(blocks * dimension, dimension).narrow(0, 0, features);
            var norms = lengths.Normal([features, dimension]).norm(1, true);
            return (rows * norms).to(device ?? CPU);
        });
    }

    /// <summary>Biases for <see cref="CosFeatures"/>, uniform in [0, 2π).</summary>
    /// <param name="key">The key.</param>
    /// <param name="features">Y, at least 1.</param>
    /// <param name="device">Where they go; the CPU by default.</param>
    /// <returns>Shape [Y].</returns>
    /// <exception cref="ArgumentOutOfRangeException">A size below 1.</exception>
    public static Tensor Biases(PrngKey key, long features, Device? device = null) =>
        key.Uniform([Guard.AtLeast(features, 1)], 0, 2 * Math.PI, device);
}

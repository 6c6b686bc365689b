namespace Engram;

/// <summary>Grey images with their classes.</summary>
/// <param name="Name">The data set's name.</param>
/// <param name="Images">Shape [n, height·width], float32 in [0, 1], a row an image.</param>
/// <param name="Labels">Shape [n], int64: indices into <paramref name="ClassNames"/>.</param>
/// <param name="ClassNames">What the labels mean.</param>
/// <param name="Height">The rows of an image.</param>
/// <param name="Width">The columns of an image.</param>
public sealed record ImageSet(
    string Name, Tensor Images, Tensor Labels, IReadOnlyList<string> ClassNames, int Height, int Width) : IDisposable
{
    /// <summary>The number n of images.</summary>
    public long Count => Images.shape[0];

    /// <summary>The images of two sets, one after the other; both stay as they are.</summary>
    /// <param name="name">The new set's name.</param>
    /// <param name="first">A set.</param>
    /// <param name="second">One with images of the same size.</param>
    /// <exception cref="ArgumentException">Images of another size.</exception>
    public static ImageSet Concat(string name, ImageSet first, ImageSet second)
    {
        if ((first.Height, first.Width) != (second.Height, second.Width))
            throw new ArgumentException(
                $"second has images of {second.Height} × {second.Width}; {first.Height} × {first.Width} is wanted.",
                nameof(second));
        return first with
        {
            Name = name,
            Images = Scope.Run(() => torch.cat([first.Images, second.Images], 0)),
            Labels = Scope.Run(() => torch.cat([first.Labels, second.Labels], 0)),
        };
    }

    /// <summary>Frees the images and labels.</summary>
    public void Dispose()
    {
        Images.Dispose();
        Labels.Dispose();
    }
}

using TorchSharp.Modules;

namespace Engram;

/// <summary>
/// The convolutional synapse between a picture and its features, E = −Σ x̂² · (W ⋆ x̂¹), with the cross-correlation ⋆ in two
/// dimensions that networks call convolution. HAMUX's <c>ConvSynapse</c>, channels first.
/// </summary>
public sealed class ConvolutionSynapse : Hypersynapse
{
    private const string Name = "filters";
    private readonly long _stride, _padding;

    /// <summary>A synapse with small random filters, 0.02 z.</summary>
    /// <param name="key">The key from which the standard normal z are drawn.</param>
    /// <param name="picture">The first layer's shape, [channels, height, width].</param>
    /// <param name="features">The number of filters.</param>
    /// <param name="size">The height and width of a filter.</param>
    /// <param name="stride">The step of the filters.</param>
    /// <param name="padding">The zeros around the picture.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the filters are larger than the picture.</exception>
    public ConvolutionSynapse(
        PrngKey key, long[] picture, long features, long size, long stride = 1, long padding = 0)
        : base(nameof(ConvolutionSynapse), Shapes(picture, [features, Channels(picture), size, size], stride, padding))
    {
        (_stride, _padding) = (stride, padding);
        using var filters = Small(key, [features, picture[0], size, size]);
        Learn(Name, filters);
    }

    /// <summary>A synapse with given filters.</summary>
    /// <param name="filters">W, [features, channels, height, width], float32 or float64; copied.</param>
    /// <param name="picture">The first layer's shape, [channels, height, width].</param>
    /// <param name="stride">The step of the filters.</param>
    /// <param name="padding">The zeros around the picture.</param>
    /// <exception cref="ArgumentException">A number is out of its range, or the filters do not fit the picture.</exception>
    public ConvolutionSynapse(Tensor filters, long[] picture, long stride = 1, long padding = 0)
        : base(nameof(ConvolutionSynapse), Shapes(picture, Guard.Rank(Guard.Floating(filters), 4).shape, stride, padding))
    {
        (_stride, _padding) = (stride, padding);
        Learn(Name, filters);
    }

    /// <summary>W, [features, channels, height, width]; saved as <c>filters</c>.</summary>
    public Parameter Filters => get_parameter(Name)!;

    /// <summary>The shape that the layer of features has, [features, height, width].</summary>
    public IReadOnlyList<long> FeatureShape => LayerShapes![1];

    /// <summary>The energy −Σ x̂² · (W ⋆ x̂¹).</summary>
    /// <param name="input">The activations of picture and features, [...batch, ...layer].</param>
    /// <returns>[...batch].</returns>
    /// <exception cref="ArgumentException">An activation does not have its layer's shape.</exception>
    public override Tensor forward(Tensor[] input) => Scope.Run(() =>
    {
        var flat = Flat(input);
        var pictures = flat[0].reshape([-1, .. LayerShapes![0]]);
        var features = torch.einsum("nchwij,fcij->nfhw", Patches(pictures), Filters);
        return -(features.reshape(flat[1].shape) * flat[1]).sum([-1]);
    });

    // A product over patches, not conv2d: on some processors libtorch 2.10's gradient of that in the picture reads memory
    // that nobody has written (NaN where NaN stood there before).
    private Tensor Patches(Tensor pictures) =>
        torch.nn.functional.pad(pictures, [_padding, _padding, _padding, _padding])
            .unfold(2, Filters.shape[2], _stride)
            .unfold(3, Filters.shape[3], _stride);

    private static long Channels(long[] picture) =>
        picture is { Length: 3 }
            ? picture[0]
            : throw new ArgumentException(
                $"picture is [{string.Join(", ", picture ?? [])}]; [channels, height, width] is wanted.", nameof(picture));

    private static long[][] Shapes(long[] picture, long[] filters, long stride, long padding)
    {
        Guard.AtLeast(stride, 1);
        Guard.AtLeast(padding, 0);
        long[] features = [filters[0], Length(1), Length(2)];
        if (filters[1] != Channels(picture) || filters.Any(size => size < 1) || features.Any(size => size < 1))
            throw new ArgumentException(
                $"Filters [{string.Join(", ", filters)}] do not fit a picture [{string.Join(", ", picture)}] with padding " +
                $"{padding}; [features, {picture[0]}, height, width], no larger than the padded picture, is wanted.",
                nameof(filters));
        return [picture, features];

        long Length(int axis)
        {
            Channels(picture);
            var room = picture[axis] + 2 * padding - filters[axis + 1];
            return room < 0 ? 0 : room / stride + 1;
        }
    }
}

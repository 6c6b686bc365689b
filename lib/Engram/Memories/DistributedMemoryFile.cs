using System.Globalization;

namespace Engram;

/// <summary>
/// A distributed memory as a safetensors file, version 1: metadata <c>format</c>, <c>version</c>, <c>map</c>,
/// <c>inverse_temperature</c>, <c>count</c>, the origin of the frequencies where it is known, and the tensors
/// <c>sum</c> (F64), <c>frequencies</c> and <c>biases</c>.
/// </summary>
internal static class DistributedMemoryFile
{
    private const string Format = "engram.distributed-memory";
    private const string Version = "1";

    public static void Write(string path, DistributedMemory memory, bool fromKey)
    {
        if (memory.FeatureMap is not RandomFeatures map)
            throw new NotSupportedException($"{memory.FeatureMap.GetType().Name} is a user's own feature map; only this kit's can be saved.");
        if (fromKey && map.Origin is null)
            throw new InvalidOperationException("The feature map does not know the key of its frequencies; save them instead.");

        var tensors = new Dictionary<string, Tensor> { ["sum"] = memory.Accumulator };
        if (!fromKey) tensors["frequencies"] = map.Frequencies;
        if (map is CosFeatures cos) tensors["biases"] = cos.Biases;
        Safetensors.Write(path, new SafetensorsContent(tensors, Metadata(memory, map)));
    }

    public static DistributedMemory Read(string path, Device device)
    {
        TorchNatives.Load();
        using var scope = NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(path);
        try
        {
            if (metadata.GetValueOrDefault("format") != Format)
                throw new InvalidDataException($"its format is '{metadata.GetValueOrDefault("format")}'; '{Format}' is wanted.");
            if (metadata.GetValueOrDefault("version") != Version)
                throw new InvalidDataException(
                    $"its version is '{metadata.GetValueOrDefault("version")}'; this program reads version {Version}.");
            return Memory(tensors, metadata, device);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static Dictionary<string, string> Metadata(DistributedMemory memory, RandomFeatures map)
    {
        var metadata = new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["map"] = map.GetType().Name,
            ["inverse_temperature"] = Text(map.InverseTemperature),
            ["count"] = Text(memory.Count),
        };
        if (map.Origin is not { } origin) return metadata;
        metadata["key"] = $"{origin.Key.High} {origin.Key.Low} {origin.Key.Layout}";
        metadata["law"] = origin.Law.ToString();
        metadata["features"] = Text(origin.Features);
        metadata["dimension"] = Text(origin.Dimension);
        return metadata;
    }

    private static DistributedMemory Memory(
        IReadOnlyDictionary<string, Tensor> tensors, IReadOnlyDictionary<string, string> metadata, Device device)
    {
        var origin = metadata.ContainsKey("key") ? Origin(metadata) : null;
        var frequencies = tensors.TryGetValue("frequencies", out var stored) ? stored.to(device, copy: true)
            : origin?.Draw(device) ?? throw new InvalidDataException("it holds neither frequencies nor their key.");
        var beta = double.Parse(metadata["inverse_temperature"], CultureInfo.InvariantCulture);
        RandomFeatures map = metadata["map"] switch
        {
            nameof(SinCosFeatures) => new SinCosFeatures(frequencies, beta) { Origin = origin },
            nameof(PositiveExpFeatures) => new PositiveExpFeatures(frequencies, beta) { Origin = origin },
            nameof(SymmetricExpFeatures) => new SymmetricExpFeatures(frequencies, beta) { Origin = origin },
            nameof(CosFeatures) => Cos(frequencies, tensors["biases"].to(device, copy: true), beta, origin),
            var other => throw new InvalidDataException($"its feature map is '{other}', which is not known."),
        };
        var sum = Guard.Vector(tensors["sum"], map.FeatureDimension, "sum");
        if (sum.dtype != ScalarType.Float64) throw new InvalidDataException($"sum has dtype {sum.dtype}; F64 is wanted.");
        frequencies.DetachFromDisposeScope();
        var count = Guard.AtLeast(long.Parse(metadata["count"], CultureInfo.InvariantCulture), 0, "count");
        return new DistributedMemory(map, sum.to(device, copy: true), count);
    }

    private static CosFeatures Cos(Tensor frequencies, Tensor biases, double beta, FrequencyOrigin? origin) =>
        new(frequencies, biases.DetachFromDisposeScope(), beta) { Origin = origin };

    private static FrequencyOrigin Origin(IReadOnlyDictionary<string, string> metadata)
    {
        var key = metadata["key"].Split(' ');
        if (key.Length != 3) throw new InvalidDataException("its key is damaged.");
        return new FrequencyOrigin(
            new PrngKey(
                uint.Parse(key[0], CultureInfo.InvariantCulture), uint.Parse(key[1], CultureInfo.InvariantCulture),
                Enum.Parse<PrngLayout>(key[2])),
            Enum.Parse<FrequencyLaw>(metadata["law"]),
            long.Parse(metadata["features"], CultureInfo.InvariantCulture),
            long.Parse(metadata["dimension"], CultureInfo.InvariantCulture));
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}

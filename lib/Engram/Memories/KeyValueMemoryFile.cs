using System.Globalization;

namespace Engram;

/// <summary>
/// A key-value memory as a safetensors file, version 1: metadata <c>format</c>, <c>version</c>, <c>similarity</c>,
/// <c>inverse_temperature</c>, and the tensors <c>keys</c> and <c>values</c>.
/// </summary>
internal static class KeyValueMemoryFile
{
    private const string Format = "engram.key-value-memory";
    private const string Version = "1";

    public static void Write(string path, KeyValueMemory memory) => Safetensors.Write(path, new(
        new Dictionary<string, Tensor> { ["keys"] = memory.Keys, ["values"] = memory.Values },
        new Dictionary<string, string>
        {
            ["format"] = Format,
            ["version"] = Version,
            ["similarity"] = memory.Similarity.ToString(),
            ["inverse_temperature"] = memory.InverseTemperature.ToString("R", CultureInfo.InvariantCulture),
        }));

    public static KeyValueMemory Read(string path, Device device)
    {
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var (tensors, metadata) = Safetensors.Read(path);
        try
        {
            Expect(metadata, "format", Format);
            Expect(metadata, "version", Version);
            return new(
                tensors["keys"].to(device), tensors["values"].to(device),
                double.Parse(metadata["inverse_temperature"], CultureInfo.InvariantCulture),
                Enum.Parse<KeySimilarity>(metadata["similarity"]));
        }
        catch (Exception e) when (e is InvalidDataException or FormatException or KeyNotFoundException or ArgumentException)
        {
            throw new InvalidDataException($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static void Expect(IReadOnlyDictionary<string, string> metadata, string name, string wanted)
    {
        if (metadata.GetValueOrDefault(name) is var found && found != wanted)
            throw new InvalidDataException($"its {name} is '{found}'; '{wanted}' is wanted.");
    }
}

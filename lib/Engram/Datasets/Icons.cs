namespace Engram;

/// <summary>Ten small pictures drawn for this project, in black and white: something to remember.</summary>
public static class Icons
{
    private const int Side = 16;

    private static readonly Lazy<(string[] Names, float[] Pixels)> Drawn = new(Read);

    /// <summary>The names of the pictures, in order: heart, star, house, …</summary>
    public static IReadOnlyList<string> Names => Drawn.Value.Names;

    /// <summary>The pictures: 1 where there is ink, −1 where there is none.</summary>
    /// <param name="device">Where the tensor goes; the CPU by default.</param>
    /// <returns>[10, 16, 16], float32, the first row on top.</returns>
    public static Tensor Pictures(Device? device = null) => Scope.Run(() =>
        torch.tensor(Drawn.Value.Pixels, [Names.Count, Side, Side]).to(device ?? torch.CPU));

    // A name, then sixteen lines of # and ., then an empty line; and again.
    private static (string[] Names, float[] Pixels) Read()
    {
        using var stream = typeof(Icons).Assembly.GetManifestResourceStream("Engram.icons.txt")!;
        using var reader = new StreamReader(stream);
        string[][] drawings = [.. reader.ReadToEnd().ReplaceLineEndings("\n").Split("\n\n").Select(drawing => drawing.Trim('\n').Split('\n'))];
        return (
            [.. drawings.Select(drawing => drawing[0])],
            [.. drawings.SelectMany(drawing => drawing[1..]).SelectMany(line => line.Select(ink => ink == '#' ? 1f : -1f))]);
    }
}

using Newtonsoft.Json.Linq;

namespace Engram.Charts;

/// <summary>A chart that plays. Where nothing plays, it shows its last frame.</summary>
public sealed class AnimatedChart
{
    internal AnimatedChart(GenericChart still, JObject figure) => (Still, Drawing) = (still, new Drawing(figure));

    /// <summary>The last frame as a chart.</summary>
    public GenericChart Still { get; }

    internal Drawing Drawing { get; }
}

/// <summary>One moment of an animation.</summary>
/// <param name="Label">Its name on the slider.</param>
/// <param name="Panels">What it shows; all frames have the same panels with the same kinds of mark.</param>
public sealed record AnimationFrame(string Label, params Panel[] Panels);

/// <summary>How an animation plays.</summary>
public sealed record AnimationOptions
{
    /// <summary>How the panels of a frame are put together.</summary>
    public FigureOptions Figure { get; init; } = new();

    /// <summary>How long a frame stands, in milliseconds.</summary>
    public int Milliseconds { get; init; } = 200;

    /// <summary>What stands before a frame's label on the slider.</summary>
    public string Prefix { get; init; } = "";
}

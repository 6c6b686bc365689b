using Newtonsoft.Json.Linq;
using Plotly.NET;

namespace Engram.Charts;

/// <summary>Frames to a Plotly figure with a slider and two buttons; Plotly.NET has no word for them.</summary>
internal static class AnimationBuilder
{
    private const int Controls = 96;

    /// <summary>Frames to a chart that plays.</summary>
    public static AnimatedChart Build(IReadOnlyList<AnimationFrame> frames, AnimationOptions options)
    {
        CheckAlike(frames);
        var ranged = Ranged(frames);
        var still = FigureBuilder.Build(ranged[^1].Panels, options.Figure);
        var figure = JObject.Parse(GenericChart.toJson(still));
        var layout = (JObject)figure["layout"]!;
        layout["height"] = (double)layout["height"]! + Controls;
        layout["margin"]!["b"] = (double)layout["margin"]!["b"]! + Controls;
        layout["sliders"] = new JArray(Slider(ranged, options, layout));
        layout["updatemenus"] = new JArray(Buttons(options, layout));
        figure["frames"] = new JArray(ranged.Select(frame => Frame(frame, options.Figure)));
        return new AnimatedChart(still, figure);
    }

    // Colours and axes must mean the same in all frames.
    private static AnimationFrame[] Ranged(IReadOnlyList<AnimationFrame> frames) => [.. frames.Select(frame =>
        frame with { Panels = [.. frame.Panels.Select((panel, i) => Ranged(panel, [.. frames.Select(other => other.Panels[i])]))] })];

    private static Panel Ranged(Panel panel, Panel[] all) => panel with
    {
        XRange = panel.XRange ?? Extent(all, panel.XLog, 0),
        YRange = panel.YRange ?? Extent(all, panel.YLog, 1),
        Marks = [.. panel.Marks.Select(mark => mark is Field { Range: null } field ? field with { Range = Values(all) } : mark)],
    };

    private static Interval? Values(Panel[] all) =>
        Extents.Union(all.SelectMany(panel => panel.Marks).OfType<Field>().Select(field => field.Values.Range));

    private static Interval? Extent(Panel[] all, bool log, int column)
    {
        var marks = all.SelectMany(panel => panel.Marks).ToArray();
        var union = Extents.Union(marks, column);
        return log || marks.OfType<Field>().Any() ? union : union?.Padded(0.04);
    }

    private static JObject Frame(AnimationFrame frame, FigureOptions options)
    {
        var chart = FigureBuilder.Build(frame.Panels, options);
        var traces = JObject.Parse(GenericChart.toJson(chart))["data"]!.Children<JObject>().ToArray();
        var moving = traces.Select(trace => new JObject(trace.Properties().Where(p => p.Name is "type" or "x" or "y" or "z" or "text")));
        return new JObject
        {
            ["name"] = frame.Label,
            ["data"] = new JArray(moving),
            ["traces"] = new JArray(Enumerable.Range(0, traces.Length)),
        };
    }

    private static JObject Slider(AnimationFrame[] frames, AnimationOptions options, JObject layout) => new()
    {
        ["active"] = frames.Length - 1,
        ["x"] = 0.16,
        ["len"] = 0.84,
        ["y"] = Below(layout),
        ["yanchor"] = "top",
        ["pad"] = new JObject { ["t"] = 18, ["b"] = 0 },
        ["currentvalue"] = new JObject { ["prefix"] = options.Prefix, ["xanchor"] = "left", ["font"] = new JObject { ["size"] = 13 } },
        ["ticklen"] = 3,
        ["minorticklen"] = 0,
        ["font"] = new JObject { ["size"] = 10 },
        ["steps"] = new JArray(frames.Select(frame => new JObject
        {
            ["label"] = frame.Label,
            ["method"] = "animate",
            ["args"] = new JArray(new JArray(frame.Label), Play(0, "immediate", false)),
        })),
    };

    private static JObject Buttons(AnimationOptions options, JObject layout) => new()
    {
        ["type"] = "buttons",
        ["direction"] = "left",
        ["showactive"] = false,
        ["x"] = 0,
        ["xanchor"] = "left",
        ["y"] = Below(layout),
        ["yanchor"] = "top",
        ["pad"] = new JObject { ["t"] = 30, ["r"] = 0 },
        ["buttons"] = new JArray(
            Button("▶", JValue.CreateNull(), Play(options.Milliseconds, "immediate", true)),
            Button("❚❚", new JArray(JValue.CreateNull()), Play(0, "immediate", false))),
    };

    private static JObject Button(string label, JToken frames, JObject how) => new()
    {
        ["label"] = label,
        ["method"] = "animate",
        ["args"] = new JArray(frames, how),
    };

    private static JObject Play(int milliseconds, string mode, bool continued) => new()
    {
        ["mode"] = mode,
        ["fromcurrent"] = continued,
        ["transition"] = new JObject { ["duration"] = 0 },
        ["frame"] = new JObject { ["duration"] = milliseconds, ["redraw"] = true },
    };

    // The controls stand under all that the still figure shows below its panels.
    private static double Below(JObject layout)
    {
        var (height, top, bottom) = ((double)layout["height"]!, (double)layout["margin"]!["t"]!, (double)layout["margin"]!["b"]!);
        return Math.Round(-(bottom - Controls) / (height - top - bottom), 4);
    }

    private static void CheckAlike(IReadOnlyList<AnimationFrame> frames)
    {
        static IEnumerable<Type> Kinds(AnimationFrame frame) =>
            frame.Panels.SelectMany(panel => panel.Marks.Select(mark => mark.GetType()).Append(typeof(Panel)));

        for (var i = 1; i < frames.Count; i++)
            if (!Kinds(frames[i]).SequenceEqual(Kinds(frames[0])))
                throw new ArgumentException(
                    $"frames differ in their panels or marks: frame {i}, '{frames[i].Label}', is not like the first.", nameof(frames));
        if (frames.Select(frame => frame.Label).Distinct().Count() < frames.Count)
            throw new ArgumentException("frames have labels that are not distinct.", nameof(frames));
    }
}

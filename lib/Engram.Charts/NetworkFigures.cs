namespace Engram.Charts;

/// <summary>The figures of Lagrangians and of networks that recall pictures.</summary>
public static class NetworkFigures
{
    /// <summary>Lagrangians, each beside its activation.</summary>
    /// <param name="plots">One a row.</param>
    /// <param name="options">How they are put together.</param>
    /// <exception cref="ArgumentException">No plot.</exception>
    public static GenericChart Lagrangians(IEnumerable<LagrangianPlot> plots, FigureOptions? options = null) =>
        Figures.Panels(
            Check.Some(plots).SelectMany(plot => plot.Panels()),
            (options ?? new FigureOptions { Width = 760, PanelHeight = 220 }) with { Columns = 2 });

    /// <summary>Pictures in rows.</summary>
    /// <param name="pictures">Shape [N, H, W], the first row of a picture on top; black is the least value of all.</param>
    /// <param name="titles">A title above each; none where null.</param>
    /// <param name="options">How they are put together.</param>
    /// <exception cref="ArgumentException">Another shape, or another number of titles.</exception>
    public static GenericChart Pictures(PlotData pictures, IEnumerable<string>? titles = null, FigureOptions? options = null)
    {
        Check.Rank(pictures, 3, "[N, H, W]");
        var count = pictures.Shape[0];
        var names = titles?.ToArray() ?? new string[count];
        if (names.Length != count)
            throw new ArgumentException($"titles holds {names.Length}; one for each of the {count} pictures is wanted.", nameof(titles));
        var range = pictures.Range;
        return Figures.Panels(
            names.Select((name, i) => Picture(pictures[i], range) with { Title = name }),
            (options ?? new FigureOptions()) with { Columns = options?.Columns is > 0 and var columns ? columns : Math.Min(count, 8) });
    }

    /// <summary>A recall step by step: a row for each picture, a column for each recorded step that is shown.</summary>
    /// <param name="states">Recorded pictures, shape [T, N, H, W].</param>
    /// <param name="steps">The places on the first axis that are shown, one a column.</param>
    /// <param name="titles">A title above each column, such as the number of its step.</param>
    /// <param name="options">How they are put together.</param>
    /// <exception cref="ArgumentException">Another shape, a step that was not recorded, or another number of titles.</exception>
    public static GenericChart Recall(
        PlotData states, IReadOnlyList<int> steps, IReadOnlyList<string> titles, FigureOptions? options = null)
    {
        Check.Rank(states, 4, "[T, N, H, W]");
        ArgumentNullException.ThrowIfNull(titles);
        if (Check.Some(steps).FirstOrDefault(step => step < 0 || step >= states.Shape[0], -1) is >= 0 and var missing)
            throw new ArgumentException($"steps holds {missing}; there are {states.Shape[0]}.", nameof(steps));
        if (titles.Count != steps.Count)
            throw new ArgumentException($"titles holds {titles.Count}; one for each of the {steps.Count} steps is wanted.", nameof(titles));
        var range = states.Range;
        return Figures.Panels(
            from picture in Enumerable.Range(0, states.Shape[1])
            from column in Enumerable.Range(0, steps.Count)
            select Picture(states[steps[column]][picture], range) with { Title = picture == 0 ? titles[column] : null },
            (options ?? new FigureOptions()) with { Columns = steps.Count });
    }

    /// <summary>A recall that plays: all pictures change together, a frame a recorded step.</summary>
    /// <param name="states">Recorded pictures, shape [T, N, H, W].</param>
    /// <param name="labels">T names on the slider.</param>
    /// <param name="options">How it plays.</param>
    /// <exception cref="ArgumentException">Another shape, or another number of labels.</exception>
    public static AnimatedChart RecallAnimation(PlotData states, IEnumerable<string> labels, AnimationOptions? options = null)
    {
        Check.Rank(states, 4, "[T, N, H, W]");
        var names = Check.Some(labels);
        if (names.Count != states.Shape[0])
            throw new ArgumentException(
                $"labels holds {names.Count} names; one for each of the {states.Shape[0]} steps is wanted.", nameof(labels));
        var range = states.Range;
        var count = states.Shape[1];
        var figure = options?.Figure ?? new FigureOptions();
        return Figures.Animation(
            names.Select((name, t) => new AnimationFrame(
                name, [.. Enumerable.Range(0, count).Select(i => Picture(states[t][i], range))])),
            (options ?? new AnimationOptions { Prefix = "step " }) with
            {
                Figure = figure with { Columns = figure.Columns > 0 ? figure.Columns : Math.Min(count, 5) },
            });
    }

    /// <summary>The energy of a network over the steps of its descent, a curve for each state of the batch.</summary>
    /// <param name="energies">Shape [T, N].</param>
    /// <param name="names">N names, which stand in the legend; none where null.</param>
    /// <param name="options">How it is drawn.</param>
    /// <exception cref="ArgumentException">Another shape, or another number of names.</exception>
    public static GenericChart Energies(PlotData energies, IEnumerable<string>? names = null, FigureOptions? options = null)
    {
        Check.Table(energies, least: 1);
        var count = energies.Shape[1];
        var labels = names?.ToArray() ?? new string[count];
        if (labels.Length != count)
            throw new ArgumentException($"names holds {labels.Length}; one for each of the {count} states is wanted.", nameof(names));
        return Figures.Panels(
            [new Panel([.. labels.Select((label, i) => new Curve(energies.Column(i))
            {
                Name = label,
                Color = Palette.Lines[i % Palette.Lines.Count],
                Dash = i < Palette.Lines.Count ? "solid" : "dot",
            })]) { XTitle = "step t", YTitle = "energy E" }],
            options ?? new FigureOptions { Width = 760, PanelHeight = 280 });
    }

    // Rows of a heatmap go up; those of a picture go down.
    private static Panel Picture(PlotData picture, Interval? range)
    {
        var (height, width) = (picture.Shape[0], picture.Shape[1]);
        var upside = PlotData.Shaped(
            Enumerable.Range(0, height).SelectMany(row => picture.Values.Skip((height - 1 - row) * width).Take(width)), height, width);
        return new Panel(new Field(upside, new Interval(0, width - 1), new Interval(0, height - 1))
        {
            Colors = ColorScale.Gray,
            Range = range is { } r && r.High > r.Low ? r : null,
        })
        { Square = true, HideTicks = true };
    }
}

namespace Engram.Charts;

/// <summary>The course's figures. Each takes tensors or arrays and returns a Plotly.NET chart.</summary>
/// <remarks>
/// A figure is a grid of <see cref="Panel"/>s, and a panel is a pair of axes with <see cref="Mark"/>s. The named
/// figures put such panels together; <see cref="Panels"/> takes any.
/// </remarks>
public static class Figures
{
    /// <summary>Any panels, in rows.</summary>
    /// <param name="panels">The panels, row by row.</param>
    /// <param name="options">How they are put together.</param>
    /// <exception cref="ArgumentException">No panel, or more columns than the width holds.</exception>
    public static GenericChart Panels(IEnumerable<Panel> panels, FigureOptions? options = null) =>
        FigureBuilder.Build(panels, options);

    /// <summary>One energy over the plane.</summary>
    /// <param name="landscape">The landscape.</param>
    /// <param name="options">How it is drawn.</param>
    public static GenericChart Landscape(Landscape landscape, FigureOptions? options = null) =>
        Landscapes([landscape], options);

    /// <summary>Energies over the plane, side by side.</summary>
    /// <param name="landscapes">The landscapes, row by row.</param>
    /// <param name="options">How they are put together; <see cref="FigureOptions.Colors"/> says who shares a scale.</param>
    public static GenericChart Landscapes(IEnumerable<Landscape> landscapes, FigureOptions? options = null) =>
        Panels(Check.Some(landscapes).Select(landscape => landscape.ToPanel()), options);

    /// <summary>Descents over their landscapes, and below each landscape the energy of each query over the steps.</summary>
    /// <param name="landscapes">One a column; each with <see cref="Landscape.Exact"/>, and as many queries in all.</param>
    /// <param name="options">How they are put together; the number of columns is that of the landscapes.</param>
    /// <exception cref="ArgumentException">A landscape without exact descents, or numbers of queries that differ.</exception>
    public static GenericChart Descents(IEnumerable<Landscape> landscapes, FigureOptions? options = null)
    {
        var columns = Check.Some(landscapes);
        if (columns.FirstOrDefault(column => column.Exact is null) is { } bare)
            throw new ArgumentException($"landscapes holds '{bare.Title}' without exact descents.", nameof(landscapes));
        var queries = columns[0].Exact!.Queries;
        if (columns.Any(column => column.Exact!.Queries != queries || (column.Approximate ?? column.Exact).Queries != queries))
            throw new ArgumentException($"landscapes differ in their numbers of queries; {queries} is wanted.", nameof(landscapes));

        var energies = Enumerable.Range(0, queries).SelectMany(query => columns.Select(column => Energies(column, query)));
        return Panels(
            [.. columns.Select(column => column.ToPanel()), .. energies],
            (options ?? new FigureOptions()) with { Columns = columns.Count });
    }

    /// <summary>Energies over the steps of a descent, in one panel.</summary>
    /// <param name="curves">The energies.</param>
    /// <param name="options">How they are drawn.</param>
    public static GenericChart EnergyOverSteps(IEnumerable<Curve> curves, FigureOptions? options = null) =>
        Panels([new Panel([.. Check.Some(curves)]) { XTitle = "step t", YTitle = "E<sub>β</sub>(v<sup>(t)</sup>; Ξ)" }], options);

    /// <summary>Kernel values against their approximations by random features, with the diagonal.</summary>
    /// <param name="comparisons">One a panel, row by row.</param>
    /// <param name="options">How they are put together.</param>
    public static GenericChart KernelScatter(IEnumerable<Comparison> comparisons, FigureOptions? options = null) =>
        Panels(Check.Some(comparisons).Select(comparison =>
            comparison.ToPanel(Symbols.Kernel, Symbols.KernelApproximation, new Interval(-0.08, 1.08))), options);

    /// <summary>Exact energies against approximate ones, with the diagonal.</summary>
    /// <param name="comparison">The energies.</param>
    /// <param name="options">How it is drawn.</param>
    public static GenericChart EnergyScatter(Comparison comparison, FigureOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        return Panels([comparison.ToPanel("E<sub>β</sub>(q; Ξ), exact", "Ẽ<sub>β</sub>(q; T), approximate")], options);
    }

    /// <summary>Random features over the plane: a row a feature, a column a landscape's β.</summary>
    /// <param name="features">
    /// The feature maps, row by row, as landscapes whose <see cref="Engram.Charts.Landscape.Energies"/> hold the feature.
    /// </param>
    /// <param name="columns">The number of columns.</param>
    /// <param name="options">How they are put together; all share a scale unless it says otherwise.</param>
    public static GenericChart Features(IEnumerable<Landscape> features, int columns, FigureOptions? options = null) =>
        Landscapes(
            Check.Some(features).Select(feature => feature with { Colors = ColorScale.Feature }),
            (options ?? new FigureOptions { Colors = ColorSharing.All }) with { Columns = columns });

    /// <summary>A chart that plays: frames with a slider and buttons. Axes and colours hold still over all frames.</summary>
    /// <param name="frames">The frames, in order.</param>
    /// <param name="options">How it plays.</param>
    /// <exception cref="ArgumentException">No frame, frames whose panels differ in kind, or labels that are not distinct.</exception>
    public static AnimatedChart Animation(IEnumerable<AnimationFrame> frames, AnimationOptions? options = null) =>
        AnimationBuilder.Build(Check.Some(frames), options ?? new AnimationOptions());

    /// <summary>A heatmap that plays, such as an energy while β grows or a picture while it is recalled.</summary>
    /// <param name="values">Shape [F, N, M]: a heatmap a frame; rows go up.</param>
    /// <param name="labels">F names on the slider.</param>
    /// <param name="x">The x of the first and last column.</param>
    /// <param name="y">The y of the first and last row.</param>
    /// <param name="colors">The colours.</param>
    /// <param name="options">How it plays.</param>
    /// <exception cref="ArgumentException">Another shape, or another number of labels.</exception>
    public static AnimatedChart AnimatedHeatmap(
        PlotData values, IEnumerable<string> labels, Interval x, Interval y,
        ColorScale? colors = null, AnimationOptions? options = null)
    {
        Check.Rank(values, 3, "[F, N, M]");
        var names = Check.Some(labels);
        if (names.Count != values.Shape[0])
            throw new ArgumentException(
                $"labels holds {names.Count} names; one for each of the {values.Shape[0]} frames is wanted.", nameof(labels));
        return Animation(names.Select((name, i) => new AnimationFrame(name, new Panel(
            new Field(values[i], x, y) { Colors = colors ?? ColorScale.Energy, Symbol = "value" })
        {
            XRange = x,
            YRange = y,
            Square = true,
        })), options);
    }

    private static Panel Energies(Landscape column, int query)
    {
        List<Mark> curves = [column.Exact!.Curve(query, Palette.Exact, Symbols.ExactGradient)];
        if (column.Approximate is { } approximate)
            curves.Add(approximate.Curve(query, Palette.Approximate, Symbols.ApproximateGradient));
        return new Panel([.. curves])
        {
            XTitle = "step t",
            XRange = new Interval(0, Math.Max(column.Exact.Steps, column.Approximate?.Steps ?? 0)),
            YTitle = $"E<sub>β</sub>, query {query + 1}",
        };
    }
}

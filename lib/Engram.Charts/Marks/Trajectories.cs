namespace Engram.Charts;

/// <summary>The ways that several queries took down an energy.</summary>
public sealed record Trajectories
{
    /// <summary>Descents of Q queries.</summary>
    /// <param name="states">Shape [S, Q, 2]: the states that are drawn, the queries themselves first.</param>
    /// <param name="energies">Shape [T, Q]: the energies that are drawn, the queries' own first.</param>
    /// <exception cref="ArgumentException">Another shape, or numbers of queries that differ.</exception>
    public Trajectories(PlotData states, PlotData energies)
    {
        States = Check.Rank(states, 3, "[S, Q, 2]");
        if (states.Shape[2] != 2)
            throw new ArgumentException($"states has shape {states}; [S, Q, 2] is wanted.", nameof(states));
        Energies = Check.Columns(energies, states.Shape[1]);
        Steps = energies.Shape[0] - 1;
    }

    /// <summary>The states, shape [S, Q, 2].</summary>
    public PlotData States { get; }

    /// <summary>The energies, shape [T, Q].</summary>
    public PlotData Energies { get; }

    /// <summary>The number of steps from the first energy to the last; T − 1 unless said otherwise.</summary>
    public int Steps { get; init; }

    /// <summary>Q, the number of queries.</summary>
    public int Queries => States.Shape[1];

    internal IEnumerable<Points> Points(string color, double size, string name, bool labelled) =>
        Enumerable.Range(0, Queries).Select(query => new Points(StatesOf(query))
        {
            Color = color,
            Size = size,
            Name = name,
            Label = labelled ? $"<b>{query + 1}</b>" : null,
        });

    internal Curve Curve(int query, string color, string name)
    {
        var count = Energies.Shape[0];
        var steps = Enumerable.Range(0, count).Select(i => (double)Steps * i / Math.Max(1, count - 1));
        return new Curve(PlotData.Row(steps), Energies.Column(query)) { Color = color, Name = name };
    }

    private PlotData StatesOf(int query)
    {
        var table = new double[States.Shape[0], 2];
        for (var i = 0; i < States.Shape[0]; i++)
            for (var d = 0; d < 2; d++)
                table[i, d] = States.Values[(i * Queries + query) * 2 + d];
        return PlotData.Table(table);
    }
}

namespace Engram.Charts;

/// <summary>One Lagrangian over a line of states, for each of some parameters.</summary>
public sealed record LagrangianPlot
{
    private const int Steps = 241;

    private LagrangianPlot(string name, Interval x, IReadOnlyList<(string Label, Func<Tensor, Tensor> Lagrangian)> curves)
    {
        Name = name;
        X = Check.Length(x);
        Curves = curves.Count > 0 ? curves : throw new ArgumentException("There is no parameter; at least one is wanted.");
    }

    /// <summary>What it is called.</summary>
    public string Name { get; }

    /// <summary>The states that are drawn.</summary>
    public Interval X { get; }

    /// <summary>What the x axis shows; the state of a neuron unless said otherwise.</summary>
    public string XTitle { get; init; } = "state x";

    private IReadOnlyList<(string Label, Func<Tensor, Tensor> Lagrangian)> Curves { get; }

    private string Activation { get; init; } = "activation x̂ = ∂L/∂x";

    /// <summary>A Lagrangian without parameters.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="lagrangian">A function of states [N] to terms [N].</param>
    /// <param name="x">The states that are drawn.</param>
    public static LagrangianPlot Of(string name, Func<Tensor, Tensor> lagrangian, Interval x)
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        return new(name, x, [(name, lagrangian)]);
    }

    /// <summary>A Lagrangian with a parameter.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="lagrangian">A function of states [N] and the parameter to terms [N].</param>
    /// <param name="symbol">The parameter's symbol, such as β.</param>
    /// <param name="parameters">Its values, one curve each.</param>
    /// <param name="x">The states that are drawn.</param>
    public static LagrangianPlot Of(
        string name, Func<Tensor, double, Tensor> lagrangian, string symbol, IEnumerable<double> parameters, Interval x)
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        return new(name, x, [.. Check.Some(parameters).Select(p => (
            $"{symbol} = {p}", (Func<Tensor, Tensor>)(states => lagrangian(states, p))))]);
    }

    /// <summary>
    /// A Lagrangian of competing neurons, as the first one's state moves while the others' hold still; its activation is
    /// that of the first neuron.
    /// </summary>
    /// <param name="name">What it is called.</param>
    /// <param name="lagrangian">A function of states [N, 1 + M] and the parameter to values [N].</param>
    /// <param name="symbol">The parameter's symbol, such as β.</param>
    /// <param name="parameters">Its values, one curve each.</param>
    /// <param name="x">The first neuron's states that are drawn.</param>
    /// <param name="others">The states of the M others.</param>
    public static LagrangianPlot OfFirst(
        string name, Func<Tensor, double, Tensor> lagrangian, string symbol, IEnumerable<double> parameters,
        Interval x, params double[] others)
    {
        ArgumentNullException.ThrowIfNull(lagrangian);
        return Of(name, (states, p) => lagrangian(Beside(states, others), p), symbol, parameters, x)
            with
        {
            XTitle = $"state x<sub>1</sub>, the others at {string.Join(", ", others)}",
            Activation = "activation x̂<sub>1</sub> = ∂L/∂x<sub>1</sub>",
        };
    }

    /// <summary>The Lagrangian L, and beside it its activation ∂L/∂x by automatic differentiation.</summary>
    internal IEnumerable<Panel> Panels()
    {
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var states = torch.linspace(X.Low, X.High, Steps, dtype: torch.ScalarType.Float64);
        return
        [
            Panel(states, lagrangian => lagrangian, "Lagrangian L", $"{Name}: Lagrangian"),
            Panel(states, Activations.Of, Activation, $"{Name}: activation"),
        ];
    }

    private Panel Panel(Tensor states, Func<Func<Tensor, Tensor>, Func<Tensor, Tensor>> of, string y, string title) =>
        new([.. Curves.Select((curve, i) => new Curve(states, of(curve.Lagrangian)(states))
        {
            Name = Curves.Count > 1 ? curve.Label : null,
            Color = Palette.Lines[i % Palette.Lines.Count],
        })])
        {
            XTitle = XTitle,
            YTitle = y,
            Title = title,
            XRange = X,
        };

    private static Tensor Beside(Tensor first, double[] others) => torch.cat(
        [first.unsqueeze(-1), torch.tensor(others, dtype: first.dtype).expand(first.shape[0], others.Length)], -1);
}

namespace Engram.Charts;

/// <summary>
/// Numbers with a shape, as a figure takes them: a tensor of any real dtype and device, or an array. It converts
/// from all of them by itself, and holds its own copy.
/// </summary>
public sealed class PlotData
{
    private readonly double[] _values;

    private PlotData(double[] values, int[] shape) => (_values, Shape) = (values, shape);

    /// <summary>The size of each dimension.</summary>
    public IReadOnlyList<int> Shape { get; }

    /// <summary>All numbers, the last dimension running fastest.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>A tensor's numbers.</summary>
    /// <param name="tensor">Any shape and real dtype.</param>
    /// <exception cref="ArgumentException">It has been disposed, or is complex.</exception>
    public static PlotData Of(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        if (tensor.IsInvalid) throw new ArgumentException("tensor has been disposed.", nameof(tensor));
        if (tensor.is_complex()) throw new ArgumentException($"tensor has dtype {tensor.dtype}; a real one is wanted.", nameof(tensor));
        using var scope = torch.NewDisposeScope();
        var plain = tensor.detach().to(torch.ScalarType.Float64).cpu().contiguous();
        return new PlotData(plain.data<double>().ToArray(), [.. tensor.shape.Select(size => checked((int)size))]);
    }

    /// <summary>A row of numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static PlotData Row(IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        double[] copy = [.. values];
        return new PlotData(copy, [copy.Length]);
    }

    /// <summary>A row of numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static PlotData Row(IEnumerable<float> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return Row(values.Select(value => (double)value));
    }

    /// <summary>A table of numbers.</summary>
    /// <param name="values">The numbers, row by row.</param>
    public static PlotData Table(double[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new PlotData([.. values.Cast<double>()], [values.GetLength(0), values.GetLength(1)]);
    }

    /// <summary>A table of numbers.</summary>
    /// <param name="values">The numbers, row by row.</param>
    public static PlotData Table(float[,] values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new PlotData([.. values.Cast<float>().Select(value => (double)value)],
            [values.GetLength(0), values.GetLength(1)]);
    }

    /// <summary>Numbers of any shape.</summary>
    /// <param name="values">The numbers, the last dimension running fastest.</param>
    /// <param name="shape">The size of each dimension.</param>
    /// <exception cref="ArgumentException">The shape holds another number of values.</exception>
    public static PlotData Shaped(IEnumerable<double> values, params int[] shape)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(shape);
        double[] copy = [.. values];
        var count = shape.Aggregate(1L, (product, size) => product * size);
        return copy.Length == count
            ? new PlotData(copy, [.. shape])
            : throw new ArgumentException(
                $"values has {copy.Length} numbers; shape [{string.Join(", ", shape)}] wants {count}.", nameof(values));
    }

    /// <summary>A tensor's numbers.</summary>
    /// <param name="tensor">Any shape and real dtype.</param>
    public static implicit operator PlotData(Tensor tensor) => Of(tensor);

    /// <summary>A row of numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator PlotData(double[] values) => Row(values);

    /// <summary>A row of numbers.</summary>
    /// <param name="values">The numbers.</param>
    public static implicit operator PlotData(float[] values) => Row(values);

    /// <summary>A table of numbers.</summary>
    /// <param name="values">The numbers, row by row.</param>
    public static implicit operator PlotData(double[,] values) => Table(values);

    /// <summary>A table of numbers.</summary>
    /// <param name="values">The numbers, row by row.</param>
    public static implicit operator PlotData(float[,] values) => Table(values);

    /// <summary>Its shape as text, such as [8, 2].</summary>
    public override string ToString() => $"[{string.Join(", ", Shape)}]";

    /// <summary>The smallest and the greatest finite number; null where there is none.</summary>
    internal Interval? Range
    {
        get
        {
            var (low, high) = (double.PositiveInfinity, double.NegativeInfinity);
            foreach (var value in _values)
                if (double.IsFinite(value))
                    (low, high) = (Math.Min(low, value), Math.Max(high, value));
            return low <= high ? new Interval(low, high) : null;
        }
    }

    /// <summary>The part at an index of the first dimension.</summary>
    internal PlotData this[int index]
    {
        get
        {
            var size = _values.Length / Math.Max(1, Shape[0]);
            return new PlotData(_values[(index * size)..((index + 1) * size)], [.. Shape.Skip(1)]);
        }
    }

    /// <summary>One column of a table.</summary>
    internal PlotData Column(int column)
    {
        var width = Shape[1];
        var values = new double[Shape[0]];
        for (var row = 0; row < values.Length; row++) values[row] = _values[row * width + column];
        return new PlotData(values, [values.Length]);
    }

    /// <summary>The numbers as a figure's file holds them: six significant digits, null for NaN and infinities.</summary>
    internal double?[] Rounded() => [.. _values.Select(value => Wire.Rounded(value))];

    /// <summary>As <see cref="Rounded"/>, but five digits, enough for a colour; one array a row.</summary>
    internal double?[][] RoundedRows() =>
        [.. _values.Select(value => Wire.Rounded(value, 5)).Chunk(Math.Max(1, Shape[1]))];
}

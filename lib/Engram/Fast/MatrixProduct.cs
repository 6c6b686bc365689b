namespace Engram;

/// <summary>
/// Products of matrices: by <see cref="ProductLoop{TKind,TIn,T,TSum}"/> where <see cref="FastPaths"/> says so, else
/// by libtorch.
/// </summary>
internal static class MatrixProduct
{
    // Rows whose products libtorch sums in float32 before float64 takes over: long enough for the processor's full
    // rate, short enough for float32's sums.
    private const long Rows = 1024;

    // Rows that are widened to float64 at a time.
    private const long WideRows = 8192;

    /// <summary>A·B, shape [M, N], in the dtype of both.</summary>
    /// <param name="a">A, shape [M, K], with any strides.</param>
    /// <param name="b">B, shape [K, N].</param>
    public static Tensor Of(Tensor a, Tensor b) => FastPaths.TakesProduct(a, b) ? ByTiles(a, b) : a.mm(b);

    /// <summary>AᵀB in float64, shape [M, N]: products in the inputs' dtype, summed over blocks of rows in float64.</summary>
    /// <param name="a">A, shape [n, M].</param>
    /// <param name="b">B, shape [n, N].</param>
    /// <param name="wide">Whether the products are float64's too.</param>
    public static Tensor Cross(Tensor a, Tensor b, bool wide = false)
    {
        if (FastPaths.TakesProduct(a.T, b)) return WideByTiles(a.T, b, wide);
        var sum = torch.zeros(a.shape[1], b.shape[1], dtype: ScalarType.Float64, device: a.device);
        foreach (var (from, count) in Blocks.Of(a.shape[0], wide ? WideRows : Rows))
        {
            using var block = torch.NewDisposeScope();
            Tensor first = a.narrow(0, from, count), second = b.narrow(0, from, count);
            sum.add_(wide ? first.to(ScalarType.Float64).T.mm(second.to(ScalarType.Float64)) : first.T.mm(second));
        }

        return sum;
    }

    /// <summary>AᵀA, shape [N, N], from float64 products, without a float64 copy of all of A; half is known from the other half.</summary>
    /// <param name="a">A, shape [n, N].</param>
    public static Tensor Gram(Tensor a)
    {
        var half = FastPaths.TakesProduct(a.T, a) ? WideByTiles(a.T, a, wide: true, upper: true) : UpperGram(a);
        return half.triu() + half.triu(1).T;
    }

    /// <summary>A·B by the kit's own loop, in the dtype of both.</summary>
    public static unsafe Tensor ByTiles(Tensor a, Tensor b)
    {
        var product = torch.empty(a.shape[0], b.shape[1], dtype: a.dtype);
        if (a.shape[1] == 0) return product.zero_();
        if (a.dtype == ScalarType.Float64)
            new ProductLoop<DoubleProduct, double, double, double>(new(a), new(b), Memory.Of<double>(product), upper: false).Run();
        else new ProductLoop<FloatProduct, float, float, float>(new(a), new(b), Memory.Of<float>(product), upper: false).Run();
        Keep(a, b, product);
        return product;
    }

    /// <summary>A·B by the kit's own loop, in float64.</summary>
    /// <param name="a">A, shape [M, K], float32 or float64, with any strides.</param>
    /// <param name="b">B, shape [K, N].</param>
    /// <param name="wide">Whether float32 numbers are multiplied in float64 too.</param>
    /// <param name="upper">Whether only the upper triangle is wanted; below it is no product.</param>
    public static unsafe Tensor WideByTiles(Tensor a, Tensor b, bool wide, bool upper = false)
    {
        var product = torch.empty(a.shape[0], b.shape[1], dtype: ScalarType.Float64);
        if (a.shape[1] == 0) return product.zero_();
        var c = Memory.Of<double>(product);
        if (a.dtype == ScalarType.Float64)
            new ProductLoop<DoubleProduct, double, double, double>(new(a), new(b), c, upper).Run();
        else if (wide) new ProductLoop<WidenedProduct, float, double, double>(new(a), new(b), c, upper).Run();
        else new ProductLoop<FloatProductWideSum, float, float, double>(new(a), new(b), c, upper).Run();
        Keep(a, b, product);
        return product;
    }

    // In a few strips of rows: five eighths of the work of the whole.
    private static Tensor UpperGram(Tensor a)
    {
        var size = a.shape[1];
        var gram = torch.zeros(size, size, dtype: ScalarType.Float64, device: a.device);
        foreach (var (row, rows) in Blocks.Of(a.shape[0], WideRows))
        {
            using var block = torch.NewDisposeScope();
            var wide = a.narrow(0, row, rows).to(ScalarType.Float64);
            foreach (var (from, count) in Blocks.Of(size, Math.Max(32, (size + 3) / 4)))
                gram.narrow(0, from, count).narrow(1, from, size - from)
                    .addmm_(wide.narrow(1, from, count).T, wide.narrow(1, from, size - from));
        }

        return gram;
    }

    // The loop knows addresses alone.
    private static void Keep(Tensor a, Tensor b, Tensor c)
    {
        GC.KeepAlive(a);
        GC.KeepAlive(b);
        GC.KeepAlive(c);
    }
}

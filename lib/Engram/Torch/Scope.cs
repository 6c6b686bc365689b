namespace Engram;

/// <summary>Runs a computation in its own dispose scope, so that no intermediate tensor outlives the call.</summary>
internal static class Scope
{
    /// <summary>Runs <paramref name="compute"/>; only its result survives, in the caller's scope.</summary>
    public static Tensor Run(Func<Tensor> compute)
    {
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        return scope.MoveToOuter(compute());
    }

    /// <summary>As <see cref="Run(Func{Tensor})"/>, for two results.</summary>
    public static (Tensor, Tensor) Run(Func<(Tensor, Tensor)> compute)
    {
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var (first, second) = compute();
        return (scope.MoveToOuter(first), scope.MoveToOuter(second));
    }

    /// <summary>As <see cref="Run(Func{Tensor})"/>, for a result that holds several tensors.</summary>
    /// <param name="compute">The computation.</param>
    /// <param name="tensors">The tensors in its result that survive; nulls are passed over.</param>
    public static T Run<T>(Func<T> compute, Func<T, IEnumerable<Tensor?>> tensors)
    {
        TorchNatives.Load();
        using var scope = torch.NewDisposeScope();
        var result = compute();
        foreach (var tensor in tensors(result))
            if (tensor is not null) scope.MoveToOuter(tensor);
        return result;
    }
}

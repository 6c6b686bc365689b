namespace Engram;

/// <summary>
/// libtorch loads its CUDA solvers when one is first used, and fails where two threads do so at once: they are loaded
/// here, by one of them.
/// </summary>
internal static class CudaSolvers
{
    private static readonly Lazy<bool> Loaded = new(() =>
    {
        using var scope = torch.NewDisposeScope();
        torch.linalg.cholesky_ex(torch.ones([1, 1], device: torch.CUDA));
        return true;
    });

    /// <summary>Loads them where the input lives on a CUDA device. Cheap after the first call.</summary>
    public static void Load(Tensor input)
    {
        if (input.device_type == DeviceType.CUDA) _ = Loaded.Value;
    }
}

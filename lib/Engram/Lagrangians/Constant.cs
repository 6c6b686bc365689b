namespace Engram;

/// <summary>A number, or a learnable number, as a tensor that fits another in dtype and device.</summary>
internal static class Constant
{
    public static Tensor Like(Tensor other, double value) =>
        torch.full([], value, dtype: other.dtype, device: other.device);

    public static Tensor Like(Tensor other, Tensor value) => value.to(other.dtype).to(other.device);
}

namespace Engram;

/// <summary>Where tensors can live. The library itself always follows its input's device.</summary>
public static class Devices
{
    /// <summary>The CPU.</summary>
    public static Device Cpu => torch.CPU;

    /// <summary>CUDA where libtorch sees such a device, else the CPU.</summary>
    public static Device Best => CudaIsAvailable ? torch.CUDA : torch.CPU;

    /// <summary>Whether libtorch sees a CUDA device.</summary>
    public static bool CudaIsAvailable
    {
        get
        {
            TorchNatives.Load();
            return torch.cuda_is_available();
        }
    }

    /// <summary>Why CUDA is not used, as a sentence with what to do; null where it is.</summary>
    public static string? WhyNotCuda =>
        CudaIsAvailable ? null
        : NativeFolders.Find("libtorch_cuda") is null
            ? "This build carries the CPU's libtorch. Build with TorchBackend=cuda to reference TorchSharp-cuda-linux."
            : "libtorch's CUDA library is there, but it sees no device: check the driver with nvidia-smi.";
}

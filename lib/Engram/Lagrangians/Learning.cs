using TorchSharp.Modules;

namespace Engram;

/// <summary>Parameters of modules.</summary>
internal static class Learning
{
    /// <summary>Registers a copy of a tensor as a parameter, which outlives every scope.</summary>
    public static void Register(nn.Module module, string name, Tensor value)
    {
        Guard.Floating(value, name);
        using var scope = torch.NewDisposeScope();
        var parameter = new Parameter(value.detach().clone());
        parameter.DetachFromDisposeScope();
        module.register_parameter(name, parameter);
    }
}

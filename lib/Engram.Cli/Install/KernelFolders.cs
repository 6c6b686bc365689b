namespace Engram.Cli.Install;

/// <summary>Where Jupyter looks for kernels, and where this program puts what they start.</summary>
/// <param name="Specs">The folder of Jupyter's kernelspecs.</param>
/// <param name="Program">The folder of the published program.</param>
internal sealed record KernelFolders(string Specs, string Program)
{
    /// <summary>Those of this user.</summary>
    public static KernelFolders OfUser()
    {
        var data = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        return new(Path.Combine(JupyterData(), "kernels"), Path.Combine(data, "engram", "kernel"));
    }

    /// <summary>Those of an environment, such as Python's or Conda's.</summary>
    /// <param name="prefix">Its folder.</param>
    public static KernelFolders Under(string prefix) =>
        new(Path.Combine(prefix, "share", "jupyter", "kernels"), Path.Combine(prefix, "share", "engram", "kernel"));

    // As jupyter_core has it.
    private static string JupyterData()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } named) return named;
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
        if (OperatingSystem.IsMacOS()) return Path.Combine(home, "Library", "Jupyter");
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        return Path.Combine(
            Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? data : Path.Combine(home, ".local", "share"),
            "jupyter");
    }
}

using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>Engram's Jupyter kernels beside ipykernel, at a client's side.</summary>
internal static class Kernels
{
    /// <summary>Runs all kernels in turns and prints a table.</summary>
    /// <param name="rounds">How often each is started.</param>
    /// <param name="prefix">The environment into which <c>engram install --prefix</c> has put Engram's kernels; null where Jupyter finds them.</param>
    public static int Run(int rounds, string? prefix)
    {
        if (Python.With("jupyter_client") is not { } python)
        {
            Console.Error.WriteLine("No python3 has jupyter_client (Debian: jupyter-notebook, python3-ipykernel).");
            return 2;
        }

        var code = 0;
        Python.UseScript("kernels.py", script =>
        {
            var start = new ProcessStartInfo(python, [script, $"{rounds}"]);
            if (prefix is not null) start.Environment["JUPYTER_PATH"] = Path.Combine(Path.GetFullPath(prefix), "share", "jupyter");
            using var process = Process.Start(start)!;
            process.WaitForExit();
            code = process.ExitCode;
        });
        return code;
    }
}

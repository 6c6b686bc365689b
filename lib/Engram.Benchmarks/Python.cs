using System.ComponentModel;
using System.Diagnostics;

namespace Engram.Benchmarks;

/// <summary>The scripts that this program carries, run by a python3 that has what they need.</summary>
internal static class Python
{
    /// <summary>The first python3 that can import a module, or null.</summary>
    public static string? With(string module) => new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(python => Has(python, module));

    /// <summary>Has a script for as long as it is used as a file.</summary>
    public static void UseScript(string name, Action<string> use)
    {
        var script = Path.GetTempFileName();
        try
        {
            using (var source = typeof(Python).Assembly.GetManifestResourceStream(name)!)
            using (var file = File.Create(script)) source.CopyTo(file);
            use(script);
        }
        finally
        {
            File.Delete(script);
        }
    }

    private static bool Has(string python, string module)
    {
        try
        {
            var start = new ProcessStartInfo(python, ["-c", $"import {module}"]) { RedirectStandardOutput = true, RedirectStandardError = true };
            using var process = Process.Start(start)!;
            process.ErrorDataReceived += (_, _) => { };
            process.BeginErrorReadLine();
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}

using System.Diagnostics;
using System.Text.Json;

namespace Engram.Benchmarks;

/// <summary>PyTorch's seconds for the same workloads, where a python3 has torch.</summary>
internal sealed class Peer(bool asInstalled)
{
    private readonly Dictionary<string, List<(string Form, double Seconds)>> _times = [];

    /// <summary>What was found, or why there is no peer.</summary>
    public string About { get; private set; } = "no PyTorch: python3 has no torch (Debian: python3-torch and libopenblas0-pthread)";

    /// <summary>Runs the peer's script, all of it or the given workloads, with the first python3 that has torch.</summary>
    public void Run(IEnumerable<string> names)
    {
        if (Python.With("torch") is not { } python) return;
        var device = Workloads.Device.type == DeviceType.CUDA ? "cuda" : "cpu";
        Python.UseScript("peer.py", script => Read(python, [script, device, .. names]));
    }

    /// <summary>All forms of a workload and their seconds.</summary>
    public IReadOnlyList<(string Form, double Seconds)> this[string name] => _times.GetValueOrDefault(name) ?? [];

    private void Read(string python, string[] arguments)
    {
        using var process = Start(python, arguments);
        while (process.StandardOutput.ReadLine() is { } line)
        {
            using var json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("version", out var version))
            {
                var blas = json.RootElement.GetProperty("blas").GetString();
                About = $"PyTorch {version.GetString()} with {blas}, {json.RootElement.GetProperty("gflops").GetDouble():0} GFLOPS";
            }
            else
            {
                var name = json.RootElement.GetProperty("name").GetString()!;
                if (!_times.TryGetValue(name, out var forms)) _times[name] = forms = [];
                Note(forms, json.RootElement.GetProperty("form").GetString()!, json.RootElement.GetProperty("seconds").GetDouble());
            }
        }

        process.WaitForExit();
        if (process.ExitCode == 3)
            About += ": not quoted, for a reference BLAS proves nothing (Debian: install libopenblas0-pthread)";
    }

    // The better of the rounds.
    private static void Note(List<(string Form, double Seconds)> forms, string form, double seconds)
    {
        var known = forms.FindIndex(other => other.Form == form);
        if (known < 0) forms.Add((form, seconds));
        else forms[known] = (form, Math.Min(forms[known].Seconds, seconds));
    }

    private Process Start(string python, params string[] arguments)
    {
        var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments) start.ArgumentList.Add(argument);
        // Settings for an older processor would slow the peer's products; OpenBLAS knows the processor itself.
        start.Environment.Remove("OPENBLAS_CORETYPE");
        start.Environment.Remove("OPENBLAS_L2_SIZE");
        // The peer may keep freed memory, as the kit does: waiting for fresh pages is no part of the mathematics.
        if (!asInstalled)
        {
            start.Environment["MALLOC_MMAP_THRESHOLD_"] = "4294967296";
            start.Environment["MALLOC_TRIM_THRESHOLD_"] = "4294967296";
        }

        var process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }
}

using System.Diagnostics;

namespace Engram.Charts;

/// <summary>The Chromium of this machine, without a window: it draws what only a browser can draw.</summary>
internal static class Chromium
{
    /// <summary>The environment variable that names another browser.</summary>
    public const string Variable = "ENGRAM_CHROMIUM";

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Its path; null where there is none.</summary>
    public static string? Find() =>
        Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named
            ? File.Exists(named) ? named : null
            : Names.SelectMany(_ => Folders, (name, folder) => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>Opens a page, lets its scripts run to their end, and reads the document that they made.</summary>
    /// <param name="page">The page's HTML.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="InvalidOperationException">There is no Chromium, or it did not answer.</exception>
    public static async Task<string> RunAsync(string page, CancellationToken cancellation = default)
    {
        var browser = Find() ?? throw new InvalidOperationException(
            $"Pictures of charts need Chromium, and none was found. Install it (Debian: apt install chromium), or name it in {Variable}.");
        var folder = Directory.CreateTempSubdirectory("engram-chromium-");
        try
        {
            var file = Path.Combine(folder.FullName, "page.html");
            await File.WriteAllTextAsync(file, page, cancellation).ConfigureAwait(false);
            return await ReadAsync(Start(browser, file, folder.FullName), cancellation).ConfigureAwait(false);
        }
        finally
        {
            Delete(folder);
        }
    }

    private static IEnumerable<string> Folders =>
        ["/usr/bin", .. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];

    private static Process Start(string browser, string file, string profile)
    {
        var start = new ProcessStartInfo(browser) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in (string[])[
            "--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--virtual-time-budget=120000", $"--user-data-dir={profile}",
            "--dump-dom"])
            start.ArgumentList.Add(argument);
        // Chromium refuses to run as root inside its sandbox.
        if (Environment.IsPrivilegedProcess) start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(file).AbsoluteUri);
        return Process.Start(start)!;
    }

    private static async Task<string> ReadAsync(Process running, CancellationToken cancellation)
    {
        using var process = running;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginErrorReadLine();
            return await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new InvalidOperationException($"Chromium did not answer within {Patience.TotalMinutes} minutes.");
        }
        finally
        {
            if (!process.HasExited) process.Kill(entireProcessTree: true);
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Chromium's children may still write; the system clears its temporary folder.
        }
    }
}

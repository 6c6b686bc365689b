using System.Globalization;
using System.Runtime.InteropServices;

namespace Engram.Cli.Kernel;

/// <summary>Notices the end of the program that started the kernel, so that no orphan stays. Unix only.</summary>
internal static class ParentWatch
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(1);

    /// <summary>Calls back once when the parent that Jupyter names in <c>JPY_PARENT_PID</c> is gone.</summary>
    /// <param name="gone">What to do then.</param>
    public static void Start(Action gone)
    {
        if (OperatingSystem.IsWindows()) return;
        var named = Environment.GetEnvironmentVariable("JPY_PARENT_PID");
        if (!int.TryParse(named, NumberStyles.None, CultureInfo.InvariantCulture, out var parent)) return;
        var starter = getppid();
        new Thread(Watch) { IsBackground = true, Name = "parent watch" }.Start();

        void Watch()
        {
            while (IsAlive(parent) && getppid() == starter) Thread.Sleep(s_interval);
            gone();
        }
    }

    /// <summary>Signal 0 asks only whether there is such a process; one of another user is alive too.</summary>
    private static bool IsAlive(int process) => kill(process, 0) == 0 || Marshal.GetLastPInvokeError() == PermissionDenied;

    private const int PermissionDenied = 1;

    [DllImport("libc")]
    private static extern int getppid();

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}

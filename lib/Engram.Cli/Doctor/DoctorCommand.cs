using System.CommandLine;

namespace Engram.Cli.Doctor;

/// <summary><c>engram doctor</c></summary>
internal static class DoctorCommand
{
    public static Command Create(CliConsole console)
    {
        var command = new Command("doctor", "Check what the kit needs and what it can use, and say what to do.");
        command.SetAction(_ => Examine(console, Examination.All()));
        return command;
    }

    /// <summary>Writes what was found.</summary>
    /// <returns>0 where nothing is missing that the kit needs, else 1.</returns>
    public static int Examine(CliConsole console, IEnumerable<Finding> findings)
    {
        var sound = true;
        foreach (var finding in findings)
        {
            console.Out.WriteLine($"{Mark(finding.Verdict)} {finding.Subject,-12} {finding.Text}");
            if (finding.Advice is { } advice) console.Out.WriteLine($"  {"",-12} → {advice}");
            sound &= finding.Verdict != Verdict.Missing;
        }

        return sound ? 0 : 1;
    }

    private static string Mark(Verdict verdict) => verdict switch
    {
        Verdict.Good => "✓",
        Verdict.Optional => "–",
        _ => "✗",
    };
}

/// <summary>What one check found.</summary>
/// <param name="Subject">What was looked at.</param>
/// <param name="Verdict">How it stands.</param>
/// <param name="Text">What was found.</param>
/// <param name="Advice">What to do; null where nothing is to be done.</param>
internal sealed record Finding(string Subject, Verdict Verdict, string Text, string? Advice = null);

/// <summary>How a check ended.</summary>
internal enum Verdict
{
    /// <summary>All is well.</summary>
    Good,

    /// <summary>It is not there, and the kit works without it.</summary>
    Optional,

    /// <summary>The kit needs it.</summary>
    Missing,
}

using System.ComponentModel;

namespace Engram.Notebooks;

/// <summary>Where a language that does not hand out a cell's last value lets the cell itself put it down.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LastValue
{
    private static SubmissionValue kept;

    /// <summary>Takes the value that was put down; there is none afterwards.</summary>
    public static SubmissionValue Take()
    {
        var taken = kept;
        kept = SubmissionValue.None;
        return taken;
    }

    /// <summary>Puts a value down, with the type under which it is known.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value; may be null.</param>
    public static void Keep<T>(T value) => kept = new SubmissionValue(true, value, typeof(T));
}

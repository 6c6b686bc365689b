using System.ComponentModel;

namespace Engram.Notebooks;

/// <summary>Where a language that does not hand out a cell's last value lets the cell itself put it down.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class LastValue
{
    /// <summary>The value that was put down last.</summary>
    public static SubmissionValue Kept { get; set; }

    /// <summary>Puts a value down, with the type under which it is known.</summary>
    /// <typeparam name="T">The type.</typeparam>
    /// <param name="value">The value; may be null.</param>
    public static void Keep<T>(T value) => Kept = new SubmissionValue(true, value, typeof(T));
}

using Engram.Notebooks;

namespace Microsoft.DotNet.Interactive;

/// <summary>A value that is shown and can be shown otherwise.</summary>
/// <param name="displayId">The name under which it is shown.</param>
/// <param name="mimeTypes">The representations to make; none for those that fit the value.</param>
public sealed class DisplayedValue(string displayId, IReadOnlyCollection<string> mimeTypes)
{
    /// <summary>The name under which it is shown.</summary>
    public string DisplayId { get; } = displayId;

    /// <summary>The representations to make; none for those that fit the value.</summary>
    public IReadOnlyCollection<string> MimeTypes { get; } = mimeTypes;

    /// <summary>Shows another value in its place.</summary>
    /// <param name="updatedValue">The value.</param>
    public void Update(object? updatedValue) =>
        CellOutput.Tell(new DisplayUpdated(MimeBundles.Of(updatedValue, MimeTypes), DisplayId));
}

using System.Text.Json.Nodes;
using Engram.Notebooks;
using Microsoft.DotNet.Interactive;

namespace System;

/// <summary>Shows values from where they are.</summary>
public static class DisplayExtensions
{
    /// <summary>Shows a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The representations to make; none for those that fit the value.</param>
    /// <returns>What is shown, to be updated.</returns>
    public static DisplayedValue Display<T>(this T value, params string[] mimeTypes) => Kernel.display(value, mimeTypes);

    /// <summary>Shows text as a representation.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mimeType">Its type, such as <c>text/html</c>.</param>
    /// <returns>What is shown, to be updated.</returns>
    public static DisplayedValue DisplayAs(this string value, string mimeType)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString("N"), [mimeType]);
        CellOutput.Tell(new ValueDisplayed(new MimeBundle(new JsonObject { [mimeType] = value }), shown.DisplayId));
        return shown;
    }
}

using Engram.Notebooks;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

/// <summary>What a cell may call without naming it; the names are .NET Interactive's, so that old notebooks run.</summary>
#pragma warning disable IDE1006 // display is lower case there, and so in every notebook.
public static class Kernel
{
    /// <summary>Shows a value.</summary>
    /// <param name="value">The value.</param>
    /// <param name="mimeTypes">The representations to make; none for those that fit the value.</param>
    /// <returns>What is shown, to be updated.</returns>
    public static DisplayedValue display(object? value, params string[] mimeTypes)
    {
        var shown = new DisplayedValue(Guid.NewGuid().ToString("N"), mimeTypes);
        CellOutput.Tell(new ValueDisplayed(MimeBundles.Of(value, mimeTypes), shown.DisplayId));
        return shown;
    }

    /// <summary>Text to be shown as HTML.</summary>
    /// <param name="content">The HTML.</param>
    public static IHtmlContent HTML(string content) => Html.ToHtmlContent(content);

    /// <summary>Runs a script in the page.</summary>
    /// <param name="scriptContent">The script.</param>
    public static void Javascript(string scriptContent) =>
        CellOutput.Tell(new ValueDisplayed(Content.Bundle("javascript", scriptContent), null));

    /// <summary>Adds a style to the page.</summary>
    /// <param name="content">The style sheet.</param>
    public static void CSS(string content) =>
        CellOutput.Tell(new ValueDisplayed(Content.Bundle("html", $"<style>{content}</style>"), null));

    /// <summary>Removes the cell's output so far.</summary>
    /// <param name="wait">Whether to keep it until the next output comes.</param>
    public static void ClearOutput(bool wait = false) => CellOutput.Tell(new OutputCleared(wait));

    /// <summary>Asks the reader for a line.</summary>
    /// <param name="prompt">What to show.</param>
    /// <param name="typeHint">What kind of answer is wanted; <c>password</c> hides it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The frontend cannot answer.</exception>
    public static Task<string> GetInputAsync(string prompt = "", string typeHint = "text") =>
        Task.FromResult(CellOutput.Ask(prompt, typeHint == "password"));

    /// <summary>Asks the reader for a secret.</summary>
    /// <param name="prompt">What to show.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="InvalidOperationException">The frontend cannot answer.</exception>
    public static Task<PasswordString> GetPasswordAsync(string prompt = "") =>
        Task.FromResult(new PasswordString(CellOutput.Ask(prompt, hidden: true)));
}
#pragma warning restore IDE1006

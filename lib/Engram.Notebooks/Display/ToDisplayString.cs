using Microsoft.DotNet.Interactive.Formatting;

namespace Engram.Notebooks;

/// <summary>
/// Makes the Formatting library's own <c>ToDisplayString</c> answer as this kit shows values: a cell that asks for a
/// value's HTML gets the HTML that it would see.
/// </summary>
internal static class ToDisplayString
{
    private static readonly Fallback Html = new(HtmlFormatter.MimeType, view => HtmlRenderer.Render(view) ?? HtmlText.Pre(PlainRenderer.Render(view)));
    private static readonly Fallback Plain = new(PlainTextFormatter.MimeType, PlainRenderer.Render);

    static ToDisplayString()
    {
        Formatter.Register(Html);
        Formatter.Register(Plain);
    }

    /// <summary>Once in a process.</summary>
    public static void Install() => System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(ToDisplayString).TypeHandle);

    /// <summary>Whether a registered formatter is one of these, and so no answer to what others registered.</summary>
    public static bool IsOurs(ITypeFormatter formatter) => formatter is Fallback;

    private sealed class Fallback(string mimeType, Func<View, string> render) : ITypeFormatter
    {
        public string MimeType => mimeType;

        public Type Type => typeof(object);

        public bool Format(object instance, FormatContext context)
        {
            context.Writer.Write(render(Viewer.View(instance)));
            return true;
        }
    }
}

[assembly: Engram.TypeFormatterSource(typeof(Engram.TensorFormatters))]

namespace Engram;

/// <summary>Known to notebooks by its name: it says where the formatters of types lie that are not this library's.</summary>
/// <param name="source">A class with a method <c>CreateTypeFormatters()</c>.</param>
[AttributeUsage(AttributeTargets.Assembly)]
internal sealed class TypeFormatterSourceAttribute(Type source) : Attribute
{
    /// <summary>A class with a method <c>CreateTypeFormatters()</c>.</summary>
    public Type FormatterSourceType => source;
}

/// <summary>How notebooks show tensors: never by their buffers.</summary>
internal sealed class TensorFormatters
{
    /// <summary>One for each mime type.</summary>
    public IEnumerable<object> CreateTypeFormatters() =>
        [new TensorFormatter("text/html", TensorSummary.Html), new TensorFormatter("text/plain", TensorSummary.Text)];
}

/// <summary>Writes tensors in one mime type.</summary>
internal sealed class TensorFormatter(string mimeType, Func<Tensor, string> draw)
{
    /// <summary>What it writes.</summary>
    public string MimeType => mimeType;

    /// <summary>Whose values it writes.</summary>
    public Type Type => typeof(Tensor);

    /// <summary>Writes a tensor.</summary>
    /// <returns>Whether it was one.</returns>
    public bool Format(object value, TextWriter writer)
    {
        if (value is not Tensor tensor) return false;
        writer.Write(draw(tensor));
        return true;
    }
}

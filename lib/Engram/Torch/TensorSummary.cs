using System.Globalization;
using System.Net;

namespace Engram;

/// <summary>A tensor for a reader: shape, dtype, device, least, mean and greatest value, and its first values.</summary>
public static class TensorSummary
{
    private const int Leading = 6;

    /// <summary>One or two lines of text.</summary>
    /// <param name="tensor">Any tensor; a disposed one is said to be so.</param>
    public static string Text(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var parts = Parts(tensor);
        var facts = string.Join("  ", parts.Facts.Select(fact => $"{fact.Name} {fact.Value}"));
        var lines = new[] { parts.Head, facts, parts.Values }.Where(line => line.Length > 0);
        return string.Join('\n', lines);
    }

    /// <summary>The same as HTML that takes its colours from the page.</summary>
    /// <param name="tensor">Any tensor; a disposed one is said to be so.</param>
    public static string Html(Tensor tensor)
    {
        ArgumentNullException.ThrowIfNull(tensor);
        var parts = Parts(tensor);
        var names = string.Concat(parts.Facts.Select(fact => $"<th>{fact.Name}</th>"));
        var values = string.Concat(parts.Facts.Select(fact => $"<td>{fact.Value}</td>"));
        var table = names.Length == 0 ? "" : $"<table><tr>{names}</tr><tr>{values}</tr></table>";
        var leading = parts.Values.Length == 0 ? "" : $"<code>{parts.Values}</code>";
        return $"<div><code>{WebUtility.HtmlEncode(parts.Head)}</code>{table}{leading}</div>";
    }

    private static (string Head, List<(string Name, string Value)> Facts, string Values) Parts(Tensor tensor)
    {
        if (tensor.IsInvalid) return ("Tensor (disposed)", [], "");
        using var scope = torch.NewDisposeScope();
        using var noGrad = torch.no_grad();
        var gradient = tensor.requires_grad ? ", requires gradient" : "";
        var head = $"Tensor {Guard.Shape(tensor)} {Name(tensor.dtype)} on {tensor.device}{gradient}";
        try
        {
            var flat = tensor.detach().reshape(-1);
            return (head, flat.numel() > 1 ? Facts(flat) : [], Values(flat));
        }
        catch (Exception e) when (e is System.Runtime.InteropServices.ExternalException or NotSupportedException or InvalidOperationException)
        {
            // Sparse and quantised tensors, and those on the meta device, have no values to look at.
            return (head, [], "");
        }
    }

    private static List<(string, string)> Facts(Tensor flat)
    {
        if (flat.is_complex()) return [];
        if (flat.dtype == ScalarType.Bool) return [("true", $"{flat.sum().item<long>()} of {flat.numel()}")];
        var facts = new List<(string, string)>();
        var values = flat.to(ScalarType.Float64);
        var nan = values.isnan();
        var missing = nan.sum().item<long>();
        if (missing > 0)
        {
            facts.Add(("NaN", missing.ToString(CultureInfo.InvariantCulture)));
            values = values[nan.logical_not()];
        }

        if (values.numel() == 0) return facts;
        facts.Add(("min", Number(values.min())));
        facts.Add(("mean", Number(values.mean())));
        facts.Add(("max", Number(values.max())));
        return facts;
    }

    private static string Values(Tensor flat)
    {
        var count = flat.numel();
        var shown = Enumerable.Range(0, (int)Math.Min(count, Leading)).Select(i => Element(flat[i]));
        return count == 0 ? "" : $"[{string.Join(", ", shown)}{(count > Leading ? ", …" : "")}]";
    }

    private static string Element(Tensor element) =>
        element.dtype == ScalarType.Bool ? element.item<bool>() ? "true" : "false"
        : element.is_complex() ? element.to(ScalarType.ComplexFloat64).item<System.Numerics.Complex>().ToString(CultureInfo.InvariantCulture)
        : Number(element);

    private static string Number(Tensor scalar) =>
        scalar.to(ScalarType.Float64).item<double>().ToString("G5", CultureInfo.InvariantCulture);

    private static string Name(ScalarType dtype) => dtype.ToString().ToLowerInvariant();
}

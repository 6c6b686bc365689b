using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Engram.Notebooks;

/// <summary>The submissions that ran, each of which sees the names, the usings and the references of those before it.</summary>
/// <param name="compiling">The options of a submission; its usings are the first one's, and so everyone's.</param>
internal sealed class CSharpChain(CSharpCompilationOptions compiling)
{
    private static readonly Lock Binding = new();

    private static int count;

    private volatile Link last = new(null, 0);
    private Blank? seen;
    private Blank? whole;

    /// <summary>What cells may name.</summary>
    public CSharpReferences References { get; } = new();

    /// <summary>Whether the next submission sees all that cells may name.</summary>
    public bool SeesAll => References.AreSeen || last.References > References.Early.Count;

    /// <summary>Makes the next submission.</summary>
    /// <param name="tree">Its code.</param>
    /// <param name="seeingAll">Whether it is to see all that cells may name.</param>
    public Link Next(SyntaxTree tree, bool seeingAll)
    {
        var references = seeingAll ? References.All : References.Early;
        // Two at once, such as a cell and the warm-up, must not get the same name.
        var made = seeingAll ? Interlocked.Exchange(ref whole, null) : Interlocked.Exchange(ref seen, null);
        return Fill(made is not null && IsNext(made, references) ? made : MakeBlank(references), tree);
    }

    /// <summary>What would be the next submission if it were to run, seeing all that cells may name.</summary>
    /// <param name="tree">Its code.</param>
    public CSharpCompilation Look(SyntaxTree tree) => Fill(Whole(), tree).Compilation!;

    /// <summary>Lets later submissions see the names of this one.</summary>
    /// <param name="link">A submission that has been started, or that has nothing to run.</param>
    public void Accept(Link link) => last = link;

    /// <summary>Makes the next submission, as far as that goes before its code is known.</summary>
    public void Prepare()
    {
        if (SeesAll)
            Whole();
        else if (seen is not { } made || !IsNext(made, References.Early))
            seen = MakeBlank(References.Early);
    }

    /// <summary>As <see cref="Prepare"/>, for a submission that sees all that cells may name.</summary>
    public void PrepareWhole() => Whole();

    private Blank Whole() => whole is { } made && IsNext(made, References.All) ? made : whole = MakeBlank(References.All);

    private static Link Fill(Blank blank, SyntaxTree tree)
    {
        var compilation = blank.Compilation.AddSyntaxTrees(tree);
        if (NeedsUnsafe(tree))
            compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));
        Bind(compilation);
        return new(compilation, blank.References.Count);
    }

    private bool IsNext(Blank made, IReadOnlyList<MetadataReference> references) =>
        made.Before == last && made.References == references;

    // References given again would be compared, by each submission with those of all before it.
    private Blank MakeBlank(IReadOnlyList<MetadataReference> references)
    {
        var (before, number) = (last, Interlocked.Increment(ref count));
        var options = before.Compilation is null ? compiling : compiling.WithUsings();
        var compilation = CSharpCompilation.CreateScriptCompilation(
            $"Cell-{number}", null, references.Skip(before.References), options.WithScriptClassName($"Submission#{number}"),
            before.Compilation, typeof(object));
        Bind(compilation);
        return new(before, references, compilation);
    }

    // Roslyn keeps the symbols of an assembly for all compilations. Two that bind it at once, such as a cell's and the
    // warm-up's, would each make its own, and the submissions of one chain could get to see both.
    private static void Bind(CSharpCompilation compilation)
    {
        lock (Binding)
            _ = compilation.Assembly;
    }

    // An assembly that may hold unsafe code says so in attributes, whose types the compiler looks up.
    private static bool NeedsUnsafe(SyntaxTree tree)
    {
        var code = tree.GetText().ToString();
        return code.Contains("unsafe", StringComparison.Ordinal) || code.Contains("SkipLocalsInit", StringComparison.Ordinal);
    }

    /// <summary>A submission, and how many references it sees, those that it inherits included.</summary>
    /// <param name="Compilation">The submission; null before the first.</param>
    /// <param name="References">How many.</param>
    internal sealed record Link(CSharpCompilation? Compilation, int References);

    /// <summary>A submission without code.</summary>
    /// <param name="Before">The one before it.</param>
    /// <param name="References">All that it sees.</param>
    /// <param name="Compilation">Its compilation.</param>
    private sealed record Blank(Link Before, IReadOnlyList<MetadataReference> References, CSharpCompilation Compilation);
}

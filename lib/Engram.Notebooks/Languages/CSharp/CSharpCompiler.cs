using System.Reflection;
using System.Runtime.Loader;
using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Text;

namespace Engram.Notebooks;

/// <summary>Compiles a chain of submissions, each of which sees the names of those before it.</summary>
/// <remarks>
/// Submissions are loaded into the default context, so that they and all other code of the process see the same types.
/// </remarks>
internal sealed class CSharpCompiler
{
    private static readonly CSharpParseOptions Parsing =
        new(LanguageVersion.Preview, DocumentationMode.Parse, SourceCodeKind.Script);

    private static readonly string[] Usings =
    [
        "System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq",
        "Microsoft.DotNet.Interactive.Formatting", "Microsoft.DotNet.Interactive.Formatting.PocketViewTags",
        "Microsoft.DotNet.Interactive", "Microsoft.DotNet.Interactive.Kernel",
        "Engram.Notebooks.Cells",
    ];

    /// <summary>
    /// What is no news: a library was built for an earlier framework, a type has a <c>?</c> behind it, a cell does not await
    /// what it starts.
    /// </summary>
    private static readonly Dictionary<string, ReportDiagnostic> Quiet = new()
    {
        ["CS1701"] = ReportDiagnostic.Suppress,
        ["CS1702"] = ReportDiagnostic.Suppress,
        ["CS8632"] = ReportDiagnostic.Suppress,
        ["CS4014"] = ReportDiagnostic.Suppress,
    };

    private static readonly CSharpCompilationOptions Compiling =
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)
            .WithUsings(Usings)
            .WithOptimizationLevel(OptimizationLevel.Release)
            .WithSpecificDiagnosticOptions(Quiet)
            // A cell is small: handing its methods to the thread pool takes longer than compiling them.
            .WithConcurrentBuild(false)
            .WithMetadataImportOptions(MetadataImportOptions.Public)
            .WithAssemblyIdentityComparer(DesktopAssemblyIdentityComparer.Default);

    private static readonly EmitOptions Emitting = new(debugInformationFormat: DebugInformationFormat.PortablePdb);

    private static readonly Lock Binding = new();

    private static int count;

    private volatile Link last = new(null, 0);
    private volatile Blank? blank;
    private volatile bool begun;

    /// <summary>What cells may name.</summary>
    public CSharpReferences References { get; } = new();

    /// <summary>The last submission that ran; null before the first.</summary>
    public CSharpCompilation? Previous => last.Compilation;

    /// <summary>Compiles a submission after the last that was accepted.</summary>
    /// <param name="submission">The code.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <returns>What it compiled to; null where there is nothing to run.</returns>
    /// <exception cref="SubmissionException">It does not compile.</exception>
    public CompiledSubmission? Compile(Submission submission, CancellationToken cancellation)
    {
        var tree = Parse(submission.Code, submission.Cell, cancellation);
        var next = Chain(tree);
        (begun, blank) = (true, null);
        var compilation = next.Compilation!;
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var emitted = compilation.Emit(code, symbols, options: Emitting, cancellationToken: cancellation);
        if (!emitted.Success)
        {
            var problems = Problems(emitted.Diagnostics, DiagnosticSeverity.Error);
            if (problems.Count > 0)
                throw new SubmissionException(CellErrors.Of(problems, submission.Code, submission.Cell, CSharpHints.For(problems, submission.Code)));
            // Usings and comments alone: nothing to emit, and the usings are for the submissions to come.
            last = next;
            return null;
        }

        return new CompiledSubmission(compilation, Load(code.ToArray(), symbols.ToArray()), next.References)
        {
            Warnings = Problems(emitted.Diagnostics, DiagnosticSeverity.Warning),
        };
    }

    /// <summary>Compiles and rewrites something that needs no reference but one, so that the code for it is in place.</summary>
    public static void Rehearse()
    {
        var core = MappedImage.Reference(typeof(object).Assembly.Location);
        var compilation = CSharpCompilation.CreateScriptCompilation(
            "Rehearsal", Parse("var x = 1; x + 1", "rehearsal"), [core], Compiling.WithUsings(), null, typeof(object));
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        compilation.Emit(code, symbols, options: Emitting);
        StopPoints.Add(code.ToArray(), symbols.ToArray());
        _ = TrailingValue.IsIn(compilation);
    }

    private static Assembly Load(byte[] code, byte[] symbols)
    {
        var (stoppable, moved) = StopPoints.Add(code, symbols);
        return AssemblyLoadContext.Default.LoadFromStream(new MemoryStream(stoppable), new MemoryStream(moved!));
    }

    /// <summary>The tree of a submission.</summary>
    /// <param name="code">The code.</param>
    /// <param name="path">The name by which errors speak of it.</param>
    /// <param name="cancellation">Stops the parser.</param>
    public static SyntaxTree Parse(string code, string path, CancellationToken cancellation = default) =>
        CSharpSyntaxTree.ParseText(SourceText.From(code, Encoding.UTF8), Parsing, path, cancellation);

    /// <summary>The meaning of code that has not run, after the last submission that did.</summary>
    /// <param name="code">The code, whole or not.</param>
    /// <param name="cancellation">Stops the parser.</param>
    public SemanticModel Model(string code, CancellationToken cancellation)
    {
        var tree = Parse(code, "", cancellation);
        return Chain(tree).Compilation!.GetSemanticModel(tree);
    }

    /// <summary>Lets later submissions see the names of this one.</summary>
    /// <param name="submission">A submission that has been started.</param>
    public void Accept(CompiledSubmission submission) =>
        last = new(submission.Compilation, submission.References);

    /// <summary>
    /// Makes the next submission, as far as that goes before its code is known; where none has been compiled yet, nothing.
    /// </summary>
    public void Prepare()
    {
        if (begun && !(blank is { } made && IsNext(made)))
            blank = MakeBlank();
    }

    private Link Chain(SyntaxTree tree)
    {
        var (before, references, compilation) = blank is { } made && IsNext(made) ? made : MakeBlank();
        compilation = compilation.AddSyntaxTrees(tree);
        if (NeedsUnsafe(tree))
            compilation = compilation.WithOptions(compilation.Options.WithAllowUnsafe(true));
        Bind(compilation);
        return new(compilation, references.Count);
    }

    private bool IsNext(Blank made) => made.Before == last && made.References == References.All;

    // A submission inherits the references and the usings of the one before it. References given again would be compared,
    // by each submission with those of all before it.
    private Blank MakeBlank()
    {
        var (before, references, number) = (last, References.All, Interlocked.Increment(ref count));
        var options = before.Compilation is null ? Compiling : Compiling.WithUsings();
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
    private sealed record Link(CSharpCompilation? Compilation, int References);

    /// <summary>A submission without code.</summary>
    /// <param name="Before">The one before it.</param>
    /// <param name="References">All that it sees.</param>
    /// <param name="Compilation">Its compilation.</param>
    private sealed record Blank(Link Before, IReadOnlyList<MetadataReference> References, CSharpCompilation Compilation);

    private static List<CompilerProblem> Problems(IEnumerable<Diagnostic> diagnostics, DiagnosticSeverity severity) =>
        [.. diagnostics.Where(each => each.Severity == severity && !each.IsSuppressed)
            .Select(each => (Diagnostic: each, Start: each.Location.GetMappedLineSpan().StartLinePosition))
            .OrderBy(each => each.Start)
            .Select(each => new CompilerProblem(
                each.Diagnostic.Id, each.Diagnostic.GetMessage(), each.Start.Line + 1, each.Start.Character + 1))];
}

/// <summary>A submission that compiled and is loaded.</summary>
/// <param name="Compilation">The compilation.</param>
/// <param name="Assembly">The loaded assembly.</param>
/// <param name="References">How many references it sees, those that it inherits included.</param>
internal sealed record CompiledSubmission(CSharpCompilation Compilation, Assembly Assembly, int References)
{
    /// <summary>Whether it ends in an expression with a value.</summary>
    public bool HasValue { get; } = TrailingValue.IsIn(Compilation);

    /// <summary>What the compiler warns of.</summary>
    public IReadOnlyList<CompilerProblem> Warnings { get; init; } = [];

    /// <summary>Its code, which takes the objects of all submissions so far and adds its own.</summary>
    public Func<object?[], Task<object?>> Start()
    {
        var entry = Compilation.GetEntryPoint(CancellationToken.None)
            ?? throw new InvalidOperationException("A submission has no entry point.");
        var type = Assembly.GetType(entry.ContainingType.MetadataName, throwOnError: true)!;
        var method = type.GetMethod(entry.MetadataName, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!;
        return method.CreateDelegate<Func<object?[], Task<object?>>>();
    }
}

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

    private volatile bool begun;

    /// <summary>The submissions that ran.</summary>
    public CSharpChain Chain { get; } = new(Compiling);

    /// <summary>Compiles a submission after the last that was accepted.</summary>
    /// <param name="submission">The code.</param>
    /// <param name="cancellation">Stops the compiler.</param>
    /// <returns>What it compiled to; null where there is nothing to run.</returns>
    /// <exception cref="SubmissionException">It does not compile.</exception>
    public CompiledSubmission? Compile(Submission submission, CancellationToken cancellation)
    {
        begun = true;
        var tree = Parse(submission.Code, submission.Cell, cancellation);
        var emitted = Emit(Chain.Next(tree, seeingAll: Chain.SeesAll), cancellation);
        // It may name what no cell has named yet, and nothing of it has run.
        if (emitted.Problems.Count > 0 && !Chain.SeesAll)
            emitted = Emit(Chain.Next(tree, seeingAll: true), cancellation);
        if (emitted.Problems.Count > 0)
            throw new SubmissionException(CellErrors.Of(
                emitted.Problems, submission.Code, submission.Cell, CSharpHints.For(emitted.Problems, submission.Code)));
        if (emitted.Code is not null)
            return new CompiledSubmission(emitted.Link, Load(emitted.Code, emitted.Symbols!)) { Warnings = emitted.Warnings };
        // Usings and comments alone: nothing to emit, and the usings are for the submissions to come.
        Chain.Accept(emitted.Link);
        return null;
    }

    /// <summary>
    /// Makes the next submission, as far as that goes before its code is known; where none has been compiled yet, nothing.
    /// </summary>
    public void Prepare()
    {
        if (begun)
            Chain.Prepare();
    }

    private static Emission Emit(CSharpChain.Link link, CancellationToken cancellation)
    {
        using var code = new MemoryStream();
        using var symbols = new MemoryStream();
        var result = link.Compilation!.Emit(code, symbols, options: Emitting, cancellationToken: cancellation);
        return result.Success
            ? new(link, [], Problems(result.Diagnostics, DiagnosticSeverity.Warning), code.ToArray(), symbols.ToArray())
            : new(link, Problems(result.Diagnostics, DiagnosticSeverity.Error), [], null, null);
    }

    private sealed record Emission(
        CSharpChain.Link Link, IReadOnlyList<CompilerProblem> Problems, IReadOnlyList<CompilerProblem> Warnings, byte[]? Code, byte[]? Symbols);

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
        return Chain.Look(tree).GetSemanticModel(tree);
    }

    private static List<CompilerProblem> Problems(IEnumerable<Diagnostic> diagnostics, DiagnosticSeverity severity) =>
        [.. diagnostics.Where(each => each.Severity == severity && !each.IsSuppressed)
            .Select(each => (Diagnostic: each, Start: each.Location.GetMappedLineSpan().StartLinePosition))
            .OrderBy(each => each.Start)
            .Select(each => new CompilerProblem(
                each.Diagnostic.Id, each.Diagnostic.GetMessage(), each.Start.Line + 1, each.Start.Character + 1))];
}

/// <summary>A submission that compiled and is loaded.</summary>
/// <param name="Link">Its place after those before it.</param>
/// <param name="Assembly">The loaded assembly.</param>
internal sealed record CompiledSubmission(CSharpChain.Link Link, Assembly Assembly)
{
    /// <summary>The compilation.</summary>
    public CSharpCompilation Compilation => Link.Compilation!;

    /// <summary>What the compiler warns of.</summary>
    public IReadOnlyList<CompilerProblem> Warnings { get; init; } = [];

    /// <summary>Whether it ends in an expression with a value.</summary>
    public bool HasValue { get; } = TrailingValue.IsIn(Link.Compilation!);

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

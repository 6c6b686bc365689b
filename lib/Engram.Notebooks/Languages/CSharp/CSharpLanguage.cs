using Microsoft.CodeAnalysis.CSharp;

namespace Engram.Notebooks;

/// <summary>C# as scripts are written in it: statements at the top level, awaits, and a last expression.</summary>
public sealed class CSharpLanguage : ILanguage
{
    private readonly CSharpCompiler compiler = new();
    private readonly CSharpState state = new();

    /// <summary>The language, with nothing run yet.</summary>
    public CSharpLanguage() => Services = new CSharpServices(compiler);

    /// <inheritdoc/>
    public string Name => "csharp";

    /// <inheritdoc/>
    public IReadOnlyList<string> Aliases { get; } = ["c#", "cs"];

    /// <inheritdoc/>
    public ILanguageServices Services { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NamedValue> Values => state.Values;

    /// <inheritdoc/>
    public NamedValue? Find(string name) => state.Find(name);

    /// <inheritdoc/>
    public void WarmUp()
    {
        // What the compiler consists of, and what it reads of the references: each may have a processor.
        var rehearsal = new Thread(CSharpCompiler.Rehearse) { IsBackground = true, Name = "rehearsal" };
        rehearsal.Start();
        compiler.Compile(new Submission("System.Console.Out.Flush()", "warm-up"), CancellationToken.None);
        rehearsal.Join();
        Prepare();
    }

    /// <inheritdoc/>
    public void WarmUpServices() => compiler.Chain.PrepareWhole();

    /// <inheritdoc/>
    public void Prepare() => compiler.Prepare();

    /// <inheritdoc/>
    public SubmissionValue Run(Submission submission, CancellationToken cancellation)
    {
        if (compiler.Compile(submission, cancellation) is not { } compiled)
            return SubmissionValue.None;
        CellErrors.Warn(compiled.Warnings, submission.Code, submission.Cell);
        object? value = null;
        try
        {
            var start = compiled.Start();
            state.MakeRoom();
            Interruptible.Run(() => value = Wait(compiled, start), cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            throw CellErrors.Thrown(exception, submission.Cell, cancellation);
        }
        finally
        {
            state.Take(compiled.Compilation);
        }

        return compiled.HasValue ? new SubmissionValue(true, value) : SubmissionValue.None;
    }

    /// <inheritdoc/>
    public Type SetValue(string name, object? value, Type type)
    {
        if (!SyntaxFacts.IsValidIdentifier(name))
            throw new InvalidOperationException($"'{name}' is no name in C#; --as NAME gives the value another.");
        var (typeName, seen) = CSharpTypeName.Of(type) is { } known ? (known, type) : ("dynamic", typeof(object));
        var slot = Exchange.Put(value);
        var code = $"{typeName} @{name} = global::Engram.Notebooks.Exchange.Take<{typeName}>(\"{slot}\");";
        Run(new Submission(code, "shared value"), CancellationToken.None);
        return seen;
    }

    /// <inheritdoc/>
    public void Reference(IReadOnlyList<string> paths) => compiler.Chain.References.Add(paths);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private object? Wait(CompiledSubmission compiled, Func<object?[], Task<object?>> start)
    {
        var context = new CellContext(Thread.CurrentThread);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            // Its object takes its place first of all.
            compiler.Chain.Accept(compiled.Link);
            var task = start(state.Submissions);
            context.RunUntil(task);
            return task.GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}

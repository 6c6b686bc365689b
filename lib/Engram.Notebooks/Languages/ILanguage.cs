namespace Engram.Notebooks;

/// <summary>One language of the engine. It knows nothing of the others: named values are its only door.</summary>
public interface ILanguage : IDisposable
{
    /// <summary>Its name in directives and metadata, such as <c>csharp</c>.</summary>
    string Name { get; }

    /// <summary>Other names by which a directive may call it, such as <c>c#</c>.</summary>
    IReadOnlyList<string> Aliases { get; }

    /// <summary>Compiles and runs one submission on the calling thread and waits for it, awaits included.</summary>
    /// <param name="submission">The code and the name of its cell.</param>
    /// <param name="cancellation">Stops the running code.</param>
    /// <returns>The value of the last expression, if there is one.</returns>
    /// <exception cref="SubmissionException">It does not compile, or it threw.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    SubmissionValue Run(Submission submission, CancellationToken cancellation);

    /// <summary>Runs a source file as the language loads one: in F# it becomes a module.</summary>
    /// <param name="path">Its full path.</param>
    /// <param name="code">Its code without directives; lines keep the places that they have in the file.</param>
    /// <param name="cancellation">Stops the running code.</param>
    /// <exception cref="SubmissionException">It does not compile, or it threw.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    void Load(string path, string code, CancellationToken cancellation) =>
        Run(new Submission(code, Path.GetFileName(path)), cancellation);

    /// <summary>What an editor asks about code of this language; null where it has no answers.</summary>
    ILanguageServices? Services => null;

    /// <summary>Starts what the first submission would wait for. May be called from any thread, and need not be.</summary>
    void WarmUp()
    {
    }

    /// <summary>Starts what the first question of an editor would wait for. May be called from any thread, and need not be.</summary>
    void WarmUpServices()
    {
    }

    /// <summary>Does what can be done of the next submission before it comes. Called between two.</summary>
    void Prepare()
    {
    }

    /// <summary>All named values that submissions have defined and that still can be reached.</summary>
    IReadOnlyList<NamedValue> Values { get; }

    /// <summary>One named value; a language may know some that it does not list, such as functions.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>The value, or null where there is none of that name.</returns>
    NamedValue? Find(string name) => Values.FirstOrDefault(value => value.Name == name);

    /// <summary>Defines a name, so that the next submission sees it.</summary>
    /// <param name="name">An identifier.</param>
    /// <param name="value">The value; may be null.</param>
    /// <param name="type">The type under which it is to be seen.</param>
    /// <returns>The type under which it is seen: <see cref="object"/> where the language cannot name the type.</returns>
    Type SetValue(string name, object? value, Type type);

    /// <summary>Makes the types of assemblies known to later submissions.</summary>
    /// <param name="paths">Their full paths.</param>
    void Reference(IReadOnlyList<string> paths);
}

/// <summary>Code for a language.</summary>
/// <param name="Code">Code without directives; lines keep the places that they have in the cell.</param>
/// <param name="Cell">The name by which errors speak of the cell, such as <c>cell 3</c>.</param>
public sealed record Submission(string Code, string Cell);

/// <summary>The value of a submission's last expression.</summary>
/// <param name="HasValue">Whether there is one: a declaration has none.</param>
/// <param name="Value">The value; null may be a value.</param>
/// <param name="Type">The type under which the language knows it; null where that says no more.</param>
public readonly record struct SubmissionValue(bool HasValue, object? Value, Type? Type = null)
{
    /// <summary>No value.</summary>
    public static SubmissionValue None => default;
}

/// <summary>A variable of a language.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">What it holds.</param>
/// <param name="Type">The type under which it was declared.</param>
public sealed record NamedValue(string Name, object? Value, Type Type);

/// <summary>A submission did not compile, or it threw.</summary>
/// <param name="error">What to tell the user.</param>
/// <param name="cause">The exception that the code threw; null for a compilation error.</param>
public sealed class SubmissionException(CellError error, Exception? cause = null)
    : Exception(error.Message, cause)
{
    /// <summary>What to tell the user.</summary>
    public CellError Error { get; } = error;
}

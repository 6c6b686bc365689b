using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Engram.Notebooks;

/// <summary>The objects of the submissions so far: each holds, as fields, the variables that it defined.</summary>
/// <remarks>
/// A variable that a later one of its name hides is cleared, so that its value can be collected, unless a function, a
/// lambda or a type still speaks of it. When all that a submission defined is hidden, no later one can reach its object:
/// it goes as well, and lives as long as one of its lambdas does.
/// </remarks>
internal sealed class CSharpState
{
    private readonly Dictionary<string, Variable> variables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Holder> functions = new(StringComparer.Ordinal);
    private readonly HashSet<(string Submission, string Name)> captured = [];
    private int count = 1;

    /// <summary>The objects, as a submission's code takes them; the first place is the host's.</summary>
    public object?[] Submissions { get; private set; } = new object?[16];

    /// <summary>The variables that a new submission would see.</summary>
    public IReadOnlyList<NamedValue> Values => [.. variables.Values.Select(variable => variable.Read())];

    /// <summary>A variable.</summary>
    /// <param name="name">Its name.</param>
    public NamedValue? Find(string name) => variables.GetValueOrDefault(name)?.Read();

    /// <summary>Makes room for one more.</summary>
    public void MakeRoom()
    {
        if (count + 1 < Submissions.Length)
            return;
        var larger = new object?[Submissions.Length * 2];
        Submissions.CopyTo(larger, 0);
        Submissions = larger;
    }

    /// <summary>Takes up what a submission that ran has defined.</summary>
    /// <param name="compilation">The submission.</param>
    public void Take(CSharpCompilation compilation)
    {
        // A cell that was stopped before it began has no object.
        if (Submissions[count] is not { } submission)
            return;
        captured.UnionWith(CapturedVariables.Of(compilation));
        var holder = new Holder(count++, submission);
        foreach (var field in submission.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public))
        {
            if (!field.Name.Contains('<'))
                Take(new Variable(holder, field));
        }

        foreach (var member in compilation.ScriptClass!.GetMembers())
        {
            if (member is IMethodSymbol { MethodKind: MethodKind.Ordinary, CanBeReferencedByName: true } function)
                Take(holder, function);
            else if (member is IPropertySymbol or IEventSymbol)
                holder.Seen++;
        }

        LeaveIfHidden(holder);
    }

    private void Take(Variable variable)
    {
        variable.Holder.Seen++;
        if (variables.Remove(variable.Name, out var hidden))
            Hide(hidden);
        variables[variable.Name] = variable;
    }

    private void Hide(Variable hidden)
    {
        if (!captured.Remove(hidden.Place))
            hidden.Clear();
        hidden.Holder.Seen--;
        LeaveIfHidden(hidden.Holder);
    }

    // A function hides an earlier one only if it takes the same.
    private void Take(Holder holder, IMethodSymbol function)
    {
        holder.Seen++;
        var signature = function.GetDocumentationCommentId()![function.ContainingType.GetDocumentationCommentId()!.Length..];
        if (functions.Remove(signature, out var before))
        {
            before.Seen--;
            LeaveIfHidden(before);
        }

        functions[signature] = holder;
    }

    private void LeaveIfHidden(Holder holder)
    {
        if (holder.Seen == 0)
            Submissions[holder.Place] = null;
    }

    /// <summary>A submission's object.</summary>
    /// <param name="Place">Its place among all.</param>
    /// <param name="Submission">The object.</param>
    private sealed record Holder(int Place, object Submission)
    {
        /// <summary>How many of its names are not hidden.</summary>
        public int Seen { get; set; }
    }

    private sealed record Variable(Holder Holder, FieldInfo Field)
    {
        public string Name => Field.Name;

        public (string Submission, string Name) Place => (Holder.Submission.GetType().Name, Name);

        public NamedValue Read() => new(Name, Field.GetValue(Holder.Submission), Field.FieldType);

        public void Clear()
        {
            if (!Field.IsInitOnly)
                Field.SetValue(Holder.Submission, null);
        }
    }
}

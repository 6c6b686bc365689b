using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;

namespace Engram.Notebooks;

/// <summary>The objects of the submissions so far: each holds, as fields, the variables that it defined.</summary>
/// <remarks>
/// A variable that a later one of its name hides is cleared, so that its value can be collected, unless a function, a
/// lambda or a type still speaks of it.
/// </remarks>
internal sealed class CSharpState
{
    private readonly Dictionary<string, Variable> variables = new(StringComparer.Ordinal);
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
        captured.UnionWith(CapturedVariables.Of(compilation));
        for (; count < Submissions.Length && Submissions[count] is { } submission; count++)
        {
            foreach (var field in submission.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public))
            {
                if (!field.Name.Contains('<'))
                    Take(new Variable(submission, field));
            }
        }
    }

    private void Take(Variable variable)
    {
        if (variables.TryGetValue(variable.Name, out var hidden) && !captured.Contains(hidden.Place))
            hidden.Clear();
        variables[variable.Name] = variable;
    }

    private sealed record Variable(object Owner, FieldInfo Field)
    {
        public string Name => Field.Name;

        public (string Submission, string Name) Place => (Owner.GetType().Name, Name);

        public NamedValue Read() => new(Name, Field.GetValue(Owner), Field.FieldType);

        public void Clear()
        {
            if (!Field.IsInitOnly)
                Field.SetValue(Owner, null);
        }
    }
}

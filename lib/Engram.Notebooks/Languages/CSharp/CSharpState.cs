using System.Reflection;

namespace Engram.Notebooks;

/// <summary>The objects of the submissions so far: each holds, as fields, the variables that it defined.</summary>
internal sealed class CSharpState
{
    private int count;

    /// <summary>The objects, as a submission's code takes them; the first place is the host's.</summary>
    public object?[] Submissions { get; private set; } = new object?[16];

    /// <summary>The variables that a new submission would see.</summary>
    public IReadOnlyList<NamedValue> Values
    {
        get
        {
            var values = new Dictionary<string, NamedValue>(StringComparer.Ordinal);
            foreach (var submission in Submissions)
            {
                foreach (var variable in Fields(submission))
                    values[variable.Name] = new NamedValue(variable.Name, variable.GetValue(submission), variable.FieldType);
            }

            return [.. values.Values];
        }
    }

    /// <summary>Makes room for one more.</summary>
    public void MakeRoom()
    {
        count++;
        if (count + 1 < Submissions.Length)
            return;
        var larger = new object?[Submissions.Length * 2];
        Submissions.CopyTo(larger, 0);
        Submissions = larger;
    }

    private static IEnumerable<FieldInfo> Fields(object? submission) =>
        submission?.GetType().GetFields(BindingFlags.Instance | BindingFlags.Public).Where(each => !each.Name.Contains('<')) ?? [];
}

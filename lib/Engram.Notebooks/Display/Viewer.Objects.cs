using System.Reflection;

namespace Engram.Notebooks;

// Values that hold others by name.
internal sealed partial class Viewer
{
    private View ObjectView(object value, int depth)
    {
        var type = value.GetType();
        var members = Members.Of(type);
        if (members.Count == 0) return Leaf(TypeNames.OfPart(type));
        var shown = members.Take(Items).Select(member => KeyValuePair.Create(member.Name, Read(member, value, depth + 1))).ToList();
        if (members.Count > Items) shown.Add(KeyValuePair.Create("…", (View)new TextView($"({members.Count - Items} more)")));
        return new FieldsView(TypeNames.Of(type), shown);
    }

    private CaseView UnionView(object value, int depth)
    {
        var (name, fields) = FSharpTypes.CaseOf(value);
        return new CaseView(name, [.. fields.Select(field => Look(field.GetValue(value), field.PropertyType, depth + 1))]);
    }

    private View Read(Member member, object owner, int depth)
    {
        try
        {
            return Look(member.Get(owner), member.Type, depth);
        }
        catch (Exception e) when (e is TargetInvocationException or NotSupportedException or MemberAccessException)
        {
            return Leaf(Failure(e.InnerException ?? e));
        }
    }
}

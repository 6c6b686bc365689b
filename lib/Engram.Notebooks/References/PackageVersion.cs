namespace Engram.Notebooks;

/// <summary>A version of a package, ordered as NuGet orders them: <c>1.0.0-beta.2</c> comes before <c>1.0.0</c>.</summary>
/// <param name="Numbers">Its numbers.</param>
/// <param name="Labels">The parts of its prerelease label; none where it is a release.</param>
internal sealed record PackageVersion(Version Numbers, IReadOnlyList<string> Labels) : IComparable<PackageVersion>
{
    /// <summary>Reads a version.</summary>
    /// <param name="text">Such as <c>1.2</c> or <c>1.2.3-beta.1</c>.</param>
    /// <returns>The version, or null where the text is none.</returns>
    public static PackageVersion? Parse(string text)
    {
        var parts = text.Trim().Split('+')[0].Split('-', 2);
        var numbers = parts[0].Contains('.') ? parts[0] : parts[0] + ".0";
        return Version.TryParse(numbers, out var read)
            ? new(new Version(read.Major, read.Minor, Math.Max(read.Build, 0), Math.Max(read.Revision, 0)), parts is [_, var label] ? label.Split('.') : [])
            : null;
    }

    /// <summary>Whether a version meets what is asked for.</summary>
    /// <param name="have">The version that is there.</param>
    /// <param name="asked">A minimum such as <c>1.2</c>, an exact <c>[1.2]</c>, or a wildcard <c>1.*</c>.</param>
    public static bool Satisfies(string have, string asked)
    {
        if (Parse(have) is not { } version)
            return have == asked;
        if (asked.StartsWith('['))
            return version.CompareTo(Parse(asked.Trim('[', ']'))) == 0;
        var minimum = asked.Replace("-*", "-0", StringComparison.Ordinal).Replace(".*", "", StringComparison.Ordinal).Replace('*', '0');
        return Parse(minimum) is { } low && version.CompareTo(low) >= 0;
    }

    /// <summary>Whether a version is the very one that is asked for.</summary>
    /// <param name="have">The version that is there.</param>
    /// <param name="asked">As for <see cref="Satisfies"/>; null for any.</param>
    public static bool IsMeant(string have, string? asked)
    {
        if (asked is null)
            return true;
        if (asked.IndexOf('*') is >= 0 and var star)
            return have.StartsWith(asked[..star], StringComparison.OrdinalIgnoreCase) && Satisfies(have, asked);
        return Parse(asked.Trim('[', ']')) is { } version && version.CompareTo(Parse(have)) == 0;
    }

    /// <inheritdoc/>
    public int CompareTo(PackageVersion? other)
    {
        if (other is null)
            return 1;
        var order = Numbers.CompareTo(other.Numbers);
        if (order == 0)
            order = (Labels.Count == 0).CompareTo(other.Labels.Count == 0);
        for (var i = 0; order == 0 && i < Labels.Count && i < other.Labels.Count; i++)
            order = Compare(Labels[i], other.Labels[i]);
        return order != 0 ? order : Labels.Count.CompareTo(other.Labels.Count);
    }

    private static int Compare(string one, string other) => (uint.TryParse(one, out var number), uint.TryParse(other, out var otherNumber)) switch
    {
        (true, true) => number.CompareTo(otherNumber),
        (true, false) => -1,
        (false, true) => 1,
        _ => StringComparer.OrdinalIgnoreCase.Compare(one, other),
    };
}

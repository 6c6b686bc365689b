using NuGet.Versioning;

namespace Engram.Notebooks;

/// <summary>Versions of packages as <c>#r</c> asks for them, by NuGet's own rules.</summary>
internal static class PackageVersion
{
    /// <summary>Whether a version meets what is asked for.</summary>
    /// <param name="have">The version that is there.</param>
    /// <param name="asked">A minimum such as <c>1.2</c>, an exact <c>[1.2]</c>, or a wildcard <c>1.*</c>.</param>
    public static bool Satisfies(string have, string asked) =>
        Read(have, asked) is var (version, range) ? range.Satisfies(version) : have == asked;

    /// <summary>Whether a version is the very one that is asked for.</summary>
    /// <param name="have">The version that is there.</param>
    /// <param name="asked">As for <see cref="Satisfies"/>; null for any.</param>
    public static bool IsMeant(string have, string? asked)
    {
        if (asked is null)
            return true;
        if (Read(have, asked) is not var (version, range))
            return have == asked;
        return range.IsFloating ? range.Float!.Satisfies(version) : version.Equals(range.MinVersion);
    }

    private static (NuGetVersion Version, VersionRange Range)? Read(string have, string asked) =>
        NuGetVersion.TryParse(have, out var version) && VersionRange.TryParse(asked, out var range) ? (version, range) : null;
}

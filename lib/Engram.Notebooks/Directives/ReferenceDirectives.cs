using System.Text.RegularExpressions;

namespace Engram.Notebooks;

/// <summary><c>#r</c> and <c>#i</c>: packages and assemblies, for all languages at once.</summary>
internal sealed partial class ReferenceDirectives
{
    private readonly PackageSources sources = new();
    private readonly HashSet<string> restored = [];
    private readonly HashSet<string> extended = new(StringComparer.OrdinalIgnoreCase);

    /// <summary><c>#i "nuget: SOURCE"</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public void AddSource(DirectivePart part, DirectiveContext context)
    {
        if (Package().Match(Argument(part)).Groups["rest"].Value.Trim() is not { Length: > 0 } source)
            throw new DirectiveException("#i takes a package source: #i \"nuget: SOURCE\".");
        sources.Add(source, context);
    }

    /// <summary><c>#r "nuget: PACKAGE[, VERSION]"</c> or <c>#r "FILE"</c></summary>
    /// <param name="part">The directive.</param>
    /// <param name="context">Where it stands.</param>
    public void Reference(DirectivePart part, DirectiveContext context)
    {
        var argument = Argument(part);
        if (Package().Match(argument) is { Success: true } match)
            ReferencePackage(match.Groups["rest"].Value.Trim(), context);
        else
            ReferenceFile(argument, context);
    }

    private static void ReferenceFile(string argument, DirectiveContext context)
    {
        var path = FindAssembly(argument, context);
        try
        {
            ReferenceAll([path], context);
        }
        catch (BadImageFormatException)
        {
            throw new DirectiveException($"'{argument}' is no assembly of .NET ({path}).");
        }
    }

    private static string Argument(DirectivePart part) =>
        DirectiveArguments.Unquote(part.Arguments.Trim().TrimEnd(';').TrimStart('@').Trim());

    private void ReferencePackage(string reference, DirectiveContext context)
    {
        var words = reference.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
            throw new DirectiveException("#r \"nuget:\" needs a package's name.");
        if (HostPackages.Find(words[0], words.ElementAtOrDefault(1)) is { } carried)
        {
            if (carried.Note is { } note)
                context.Show(note);
            // A language may not see all that is carried until it is asked for.
            if (HostAssemblies.Find(words[0]) is { } path)
                ReferenceAll([path], context);
            return;
        }

        if (LoadedPackages.Find(words[0]) is { } loaded && words.Length <= 2 && !reference.Contains('='))
        {
            Serve(words[0], loaded, words.ElementAtOrDefault(1), context);
            if (restored.Any(folder => LoadedPackages.NameOf(folder).Equals(words[0], StringComparison.OrdinalIgnoreCase)))
                return;
            reference = $"{words[0]}, {loaded}";
        }

        if (context.Engine.Options.Packages is not { } resolver)
            throw new DirectiveException($"The package {reference} is not carried by this program, and it has no means to restore one.");
        Restore(words[0], reference, resolver, context);
    }

    private static void Serve(string name, string loaded, string? version, DirectiveContext context)
    {
        if (PackageVersion.IsMeant(loaded, version))
            return;
        if (!PackageVersion.Satisfies(loaded, version!))
            throw new DirectiveException(LoadedPackages.Refusal(name, loaded, version!));
        context.Show($"{name} {loaded}, which is loaded, serves for {version}.");
    }

    private void Restore(string name, string reference, IPackageResolver resolver, DirectiveContext context)
    {
        var id = Guid.NewGuid().ToString("N");
        context.Engine.Tell(new ValueDisplayed(MimeBundle.Plain($"Restoring {reference} …"), id));
        var resolved = Resolve(reference, resolver, context.Cell.Cancellation);
        ReferenceAll(resolved.Assemblies, context);
        var outside = LoadedPackages.Add([.. resolved.Folders.Where(restored.Add)]);
        IEnumerable<string> said = outside.ContainsKey(name) ? outside.Values : outside.Values.Prepend($"Installed package {reference}");
        context.Engine.Tell(new DisplayUpdated(MimeBundle.Plain(string.Join('\n', said)), id));
        foreach (var folder in resolved.Folders)
            Extend(folder, context);
    }

    // NuGet may wait long for a source that does not answer. A cell that is stopped does not wait for NuGet.
    private ResolvedPackages Resolve(string reference, IPackageResolver resolver, CancellationToken cancellation) =>
        sources.Use(from => Task.Factory.StartNew(
            () => resolver.Resolve([reference], from),
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancellation).GetAwaiter().GetResult());

    /// <summary>A package may bring cells to run when it is referenced, by .NET Interactive's convention.</summary>
    private void Extend(string folder, DirectiveContext context)
    {
        var script = Path.Combine(folder, "interactive-extensions", "dotnet", "extension.dib");
        if (File.Exists(script) && extended.Add(script))
            ImportDirective.RunFile(script, context);
    }

    private static void ReferenceAll(IReadOnlyList<string> paths, DirectiveContext context)
    {
        var loaded = SharedAssemblies.Load(paths);
        foreach (var language in context.Engine.Languages)
            language.Reference(loaded);
    }

    private static string FindAssembly(string argument, DirectiveContext context)
    {
        var full = Path.GetFullPath(argument, context.Engine.Options.Folder);
        if (File.Exists(full))
            return full;
        return HostAssemblies.Find(argument)
            ?? throw new DirectiveException($"There is no assembly '{argument}' (looked for {full}).");
    }

    [GeneratedRegex(@"^nuget\s*:(?<rest>.*)$", RegexOptions.IgnoreCase)]
    private static partial Regex Package();
}

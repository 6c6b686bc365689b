namespace Engram.Notebooks;

/// <summary>A piece of a cell: code, content or a directive.</summary>
/// <param name="Line">Its first line in the cell, from 1.</param>
internal abstract record CellPart(int Line);

/// <summary>Code of one language.</summary>
/// <param name="Language">The language.</param>
/// <param name="Code">The code, with empty lines before it so that its lines keep their numbers.</param>
/// <param name="Line">Its first line.</param>
internal sealed record CodePart(ILanguage Language, string Code, int Line) : CellPart(Line);

/// <summary>Content that is shown, not run.</summary>
/// <param name="Kind">What it is: html, javascript or markdown.</param>
/// <param name="Text">The content.</param>
/// <param name="Line">Its first line.</param>
internal sealed record ContentPart(string Kind, string Text, int Line) : CellPart(Line);

/// <summary>A directive.</summary>
/// <param name="Name">Its name with its sign, such as <c>#!time</c> or <c>#r</c>.</param>
/// <param name="Arguments">What follows the name on its line.</param>
/// <param name="Language">The language of the text around it.</param>
/// <param name="Content">The lines below it, for a directive that takes them; else empty.</param>
/// <param name="Line">Its line.</param>
internal sealed record DirectivePart(string Name, string Arguments, ILanguage Language, string Content, int Line)
    : CellPart(Line);

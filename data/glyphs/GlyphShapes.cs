namespace Engram;

/// <summary>
/// The strokes of the ten glyphs: broken lines in a square from (-1, -1), top left, to (1, 1). Invented for this kit.
/// </summary>
internal static class GlyphShapes
{
    /// <summary>What the classes are called, in the labels' order.</summary>
    public static readonly string[] Names =
        ["arrow", "house", "key", "boat", "fish", "tree", "star", "cup", "bolt", "comb"];

    /// <summary>For each class its strokes, each a list of points x, y.</summary>
    public static readonly double[][][] Strokes =
    [
        [[-.8, 0, .8, 0], [.2, -.6, .8, 0, .2, .6]],
        [[-.7, .8, -.7, -.1, 0, -.8, .7, -.1, .7, .8, -.7, .8], [-.2, .8, -.2, .2, .2, .2, .2, .8]],
        [[-.8, 0, -.5, -.4, -.1, -.4, .1, 0, -.1, .4, -.5, .4, -.8, 0], [.1, 0, .9, 0, .9, .4], [.6, 0, .6, .3]],
        [[-.9, .3, .9, .3, .5, .8, -.5, .8, -.9, .3], [0, .3, 0, -.9, .7, .1, 0, .1]],
        [[-.8, 0, -.3, -.45, .2, -.3, .8, .5], [-.8, 0, -.3, .45, .2, .3, .8, -.5], [.8, -.5, .8, .5]],
        [[0, .9, 0, -.8], [-.7, .4, 0, -.2, .7, .4], [-.5, -.1, 0, -.6, .5, -.1]],
        [[0, -.9, .5, .8, -.85, -.3, .85, -.3, -.5, .8, 0, -.9]],
        [[-.6, -.6, -.5, .7, .3, .7, .4, -.6, -.6, -.6], [.4, -.3, .8, -.3, .8, .3, .35, .3]],
        [[.3, -.9, -.4, .1, .3, -.1, -.4, .9]],
        [[-.8, -.5, .8, -.5], [-.8, -.5, -.8, .6], [-.4, -.5, -.4, .6], [0, -.5, 0, .6], [.4, -.5, .4, .6], [.8, -.5, .8, .6]],
    ];
}

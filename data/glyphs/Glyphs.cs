namespace Engram;

/// <summary>
/// A data set that the kit draws itself: ten glyphs of bent strokes, turned, stretched, shifted and shaded at random,
/// 28 × 28. It stands in for Fashion-MNIST where that is not at hand. Each image depends on the key and its own number
/// alone, and only on additions, products, quotients and square roots, so every machine draws the same bytes.
/// </summary>
public static class Glyphs
{
    /// <summary>The rows and the columns of an image.</summary>
    public const int Side = 28;

    // Random numbers for an image: 8 for its pose and shade, 2 for each point of its strokes.
    private const int Pose = 8;

    /// <summary>The first images of a key's endless set.</summary>
    /// <param name="count">n.</param>
    /// <param name="key">Another key, another set.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="count"/> is less than 1.</exception>
    public static ImageSet Load(int count = 12_000, PrngKey? key = null)
    {
        Guard.AtLeast(count, 1);
        var from = key ?? PrngKey.Create(28);
        var bytes = new byte[(long)count * Side * Side];
        var labels = new long[count];
        Parallel.For(0, count, i =>
        {
            var own = from.FoldIn(i);
            labels[i] = PrngStream.Words(own.FoldIn(0), 1)[0] % GlyphShapes.Names.Length;
            Draw(GlyphShapes.Strokes[labels[i]], own, bytes.AsSpan(i * Side * Side, Side * Side));
        });
        var images = Scope.Run(() =>
            torch.tensor(bytes, [count, Side * Side]).to(ScalarType.Float32).div_(255));
        return new("Glyphs", images, Scope.Run(() => torch.tensor(labels)), GlyphShapes.Names, Side, Side);
    }

    private static void Draw(double[][] strokes, PrngKey key, Span<byte> image)
    {
        var random = new Draws(key, Pose + strokes.Sum(stroke => stroke.Length));
        var pose = new GlyphPose(random);
        var segments = new List<Segment>();
        foreach (var stroke in strokes)
        {
            var points = new (double X, double Y)[stroke.Length / 2];
            for (var p = 0; p < points.Length; p++)
                points[p] = pose.Place(
                    stroke[2 * p] + random.Between(-.08, .08), stroke[2 * p + 1] + random.Between(-.08, .08));
            for (var p = 1; p < points.Length; p++) segments.Add(new(points[p - 1], points[p]));
        }

        for (var y = 0; y < Side; y++)
            for (var x = 0; x < Side; x++)
                image[y * Side + x] = pose.Ink(x, y, segments);
    }

    /// <summary>Uniform numbers, one after the other.</summary>
    private sealed class Draws(PrngKey key, int count)
    {
        private readonly uint[] _words = PrngStream.Words(key, count);
        private int _next;

        public double Between(double low, double high) => low + (high - low) * (_words[_next++] / 4294967296.0);
    }

    /// <summary>A line from one point of the image to another, in pixels.</summary>
    private readonly record struct Segment((double X, double Y) From, (double X, double Y) To)
    {
        public double Distance(double x, double y)
        {
            var (dx, dy) = (To.X - From.X, To.Y - From.Y);
            var squared = dx * dx + dy * dy;
            var along = squared > 0 ? Math.Clamp(((x - From.X) * dx + (y - From.Y) * dy) / squared, 0, 1) : 0;
            var (rx, ry) = (x - From.X - along * dx, y - From.Y - along * dy);
            return Math.Sqrt(rx * rx + ry * ry);
        }
    }

    /// <summary>How a glyph lies in its image, how thick its strokes are and how it is shaded.</summary>
    private readonly struct GlyphPose
    {
        private readonly double _xx, _xy, _yx, _yy, _left, _top, _width, _ink, _shadeX, _shadeY;

        public GlyphPose(Draws random)
        {
            // (1 - t²)/(1 + t²) and 2t/(1 + t²) are the cosine and the sine of an angle within ±20°.
            var t = random.Between(-.18, .18);
            var (cos, sin) = ((1 - t * t) / (1 + t * t), 2 * t / (1 + t * t));
            var (wide, high) = (random.Between(7, 11), random.Between(7, 11));
            (_xx, _xy, _yx, _yy) = (wide * cos, -high * sin, wide * sin, high * cos);
            _left = 13.5 + random.Between(-2, 2);
            _top = 13.5 + random.Between(-2, 2);
            _width = random.Between(.6, 1.8);
            _ink = random.Between(.55, 1);
            _shadeX = random.Between(-.02, .02);
            _shadeY = .005;
        }

        public (double X, double Y) Place(double x, double y) =>
            (_left + _xx * x + _xy * y, _top + _yx * x + _yy * y);

        public byte Ink(int x, int y, List<Segment> segments)
        {
            var nearest = double.MaxValue;
            foreach (var segment in segments) nearest = Math.Min(nearest, segment.Distance(x, y));
            var cover = Math.Clamp(_width + .5 - nearest, 0, 1);
            var shade = _ink + _shadeX * (x - _left) + _shadeY * (y - _top);
            return (byte)(255 * cover * Math.Clamp(shade, 0, 1) + .5);
        }
    }
}

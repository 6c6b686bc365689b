using System.Globalization;
using System.Text;
using Engram.Notebooks;

namespace Engram.Cli.Kernel;

/// <summary>
/// Gathers the text of a cell's two streams into few messages, and cuts a flood: the first
/// <see cref="Shown"/> characters are shown as they come, then a notice, and at the end the last <see cref="Tail"/>.
/// Where the streams take turns, they stay in order for the first <see cref="Turns"/> of what is sent together; a cell that
/// writes to both in a loop would send a message for each word. Not safe for two threads at once.
/// </summary>
internal sealed class StreamGate(Action<StandardStream, string> send)
{
    /// <summary>How many characters of a cell are shown as they come.</summary>
    public const int Shown = 1 << 20;

    /// <summary>How many of the last characters are shown when there were more.</summary>
    public const int Tail = 4096;

    /// <summary>How often the streams take turns in what is sent together.</summary>
    public const int Turns = 20;

    private const int MessageSize = 64 << 10;

    private readonly List<(StandardStream Stream, StringBuilder Text)> _gathered = [];
    private readonly StringBuilder _tail = new();
    private StandardStream _tailStream;
    private int _size;
    private long _shown;
    private long _withheld;

    /// <summary>Takes text.</summary>
    /// <returns>Whether this is the first text since the last flush, so that one should be planned.</returns>
    public bool Write(StandardStream stream, string text)
    {
        var wasEmpty = _size == 0;
        var room = (int)Math.Min(Shown - _shown, text.Length);
        if (room > 0) Gather(stream, text, room);
        if (room < text.Length) Withhold(stream, text.AsSpan(room));
        if (_size >= MessageSize) Flush();
        return wasEmpty && _size > 0;
    }

    /// <summary>Sends what is gathered.</summary>
    public void Flush()
    {
        foreach (var (stream, text) in _gathered) send(stream, text.ToString());
        _gathered.Clear();
        _size = 0;
    }

    /// <summary>Sends what is gathered and, after a flood, its end.</summary>
    public void Close()
    {
        Flush();
        if (_withheld == 0) return;
        if (_tail.Length > Tail) _tail.Remove(0, _tail.Length - Tail);
        var lost = _withheld - _tail.Length;
        send(_tailStream, (lost > 0 ? Notice($"{lost:N0} characters are left out") : "") + _tail);
        _tail.Clear();
        (_shown, _withheld) = (0, 0);
    }

    private void Gather(StandardStream stream, string text, int length)
    {
        var last = _gathered.FindLastIndex(piece => piece.Stream == stream);
        if (last < 0 || (last < _gathered.Count - 1 && _gathered.Count < Turns))
        {
            last = _gathered.Count;
            _gathered.Add((stream, new()));
        }

        _gathered[last].Text.Append(text, 0, length);
        _size += length;
        _shown += length;
    }

    private void Withhold(StandardStream stream, ReadOnlySpan<char> text)
    {
        if (_withheld == 0)
        {
            Flush();
            send(stream, Notice($"cut after {Shown:N0} characters; the end follows when the cell ends"));
        }
        _withheld += text.Length;
        _tailStream = stream;
        _tail.Append(text.Length > Tail ? text[^Tail..] : text);
        if (_tail.Length > 8 * Tail) _tail.Remove(0, _tail.Length - Tail);
    }

    private static string Notice(FormattableString text) =>
        $"\n[… {text.ToString(CultureInfo.InvariantCulture)} …]\n";
}

using System.Text;

namespace Engram.Notebooks;

/// <summary>The text of document files: strict UTF-8 in, whole files out.</summary>
internal static class DocumentText
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file's text; a byte order mark is passed over.</summary>
    public static string Read(string path)
    {
        if (Directory.Exists(path)) throw new DocumentException(path, null, "this is a folder; a file is wanted");
        if (!File.Exists(path)) throw new DocumentException(path, null, "there is no such file");
        try
        {
            var text = Strict.GetString(File.ReadAllBytes(path));
            return text.StartsWith('\uFEFF') ? text[1..] : text;
        }
        catch (DecoderFallbackException e)
        {
            throw new DocumentException(path, $"byte {e.Index}", "this is not UTF-8 text");
        }
    }

    /// <summary>Writes a file under a temporary name and moves it into its place.</summary>
    public static void Write(string path, string text)
    {
        var full = Path.GetFullPath(path);
        var folder = Path.GetDirectoryName(full) ?? ".";
        Directory.CreateDirectory(folder);
        var temporary = Path.Combine(folder, $".{Path.GetFileName(full)}.{Path.GetRandomFileName()}");
        try
        {
            // Lone surrogates, which no file can hold, become question marks here.
            File.WriteAllText(temporary, text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            File.Move(temporary, full, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}

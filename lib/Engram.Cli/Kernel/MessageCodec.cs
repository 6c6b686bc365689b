using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Engram.Cli.Kernel;

/// <summary>Turns messages into frames and back: identities, delimiter, signature, four JSON parts, buffers.</summary>
internal sealed class MessageCodec(MessageSigner signer)
{
    private const int PartCount = 4;

    private static readonly JsonSerializerOptions s_json = new()
    {
        MaxDepth = 1000,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    private static ReadOnlySpan<byte> Delimiter => "<IDS|MSG>"u8;

    /// <summary>Checks the signature first, then reads.</summary>
    /// <exception cref="ProtocolException">It is no message, or its signature is wrong.</exception>
    public JupyterMessage Decode(IReadOnlyList<byte[]> frames)
    {
        var delimiter = 0;
        while (delimiter < frames.Count && !frames[delimiter].AsSpan().SequenceEqual(Delimiter)) delimiter++;
        var first = delimiter + 2;
        if (frames.Count < first + PartCount) throw new ProtocolException("frames are missing");
        var parts = frames.Skip(first).Take(PartCount).ToArray();
        if (!signer.Verify(parts, frames[delimiter + 1])) throw new ProtocolException("the signature is wrong");
        var message = new JupyterMessage(
            [.. frames.Take(delimiter)], Part(parts[0]), Part(parts[1]), Part(parts[2]), Part(parts[3]),
            [.. frames.Skip(first + PartCount)]);
        return message.Type.Length > 0 ? message : throw new ProtocolException("the header has no msg_type");
    }

    /// <summary>The signed frames of a message.</summary>
    public List<byte[]> Encode(JupyterMessage message)
    {
        byte[][] parts =
        [
            Bytes(message.Header), Bytes(message.ParentHeader), Bytes(message.Metadata), Bytes(message.Content),
        ];
        return [.. message.Identities, Delimiter.ToArray(), signer.Sign(parts), .. parts, .. message.Buffers];
    }

    private static byte[] Bytes(JsonObject part) => JsonSerializer.SerializeToUtf8Bytes(part, s_json);

    private static JsonObject Part(byte[] json)
    {
        try
        {
            var part = JsonNode.Parse(json) as JsonObject ?? throw new ProtocolException("a part is no JSON object");
            _ = part.Count; // Reads the members now, so that a name that comes twice is found here.
            return part;
        }
        catch (Exception error) when (error is JsonException or ArgumentException)
        {
            throw new ProtocolException($"a part is no JSON: {error.Message}");
        }
    }
}

/// <summary>A message breaks the protocol; the kernel logs it and lives on.</summary>
internal sealed class ProtocolException(string message) : Exception(message);

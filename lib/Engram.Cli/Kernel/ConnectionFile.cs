using System.Net;
using System.Text.Json;

namespace Engram.Cli.Kernel;

/// <summary>What a Jupyter client writes for its kernel: where to listen, and the key that signs messages.</summary>
internal sealed record ConnectionFile(
    string Address, int ShellPort, int IOPubPort, int StdinPort, int ControlPort, int HeartbeatPort, byte[] Key)
{
    /// <summary>Reads and checks a connection file.</summary>
    /// <exception cref="ConnectionFileException">It is missing, is malformed, or asks for what is not safe.</exception>
    public static ConnectionFile Read(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConnectionFileException($"The connection file '{path}' can't be read: {error.Message}");
        }
    }

    /// <summary>Checks a connection file's text.</summary>
    /// <exception cref="ConnectionFileException">It is malformed, or it asks for what is not safe.</exception>
    public static ConnectionFile Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            using var document = JsonDocument.ParseValue(ref reader);
            return Check(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException
            or FormatException)
        {
            throw new ConnectionFileException($"The connection file is malformed: {error.Message}");
        }
    }

    private static ConnectionFile Check(JsonElement root)
    {
        Require(root, "transport", "tcp", "the kernel speaks TCP only");
        Require(root, "signature_scheme", "hmac-sha256", "messages are signed with HMAC-SHA256 only");
        var address = root.GetProperty("ip").GetString() ?? "";
        if (!IsLoopback(address))
            throw new ConnectionFileException($"The connection file asks to listen on '{address}'; only loopback is safe.");
        var key = System.Text.Encoding.UTF8.GetBytes(root.GetProperty("key").GetString() ?? "");
        if (key.Length == 0)
            throw new ConnectionFileException("The connection file has no key, so anyone on this machine could run code.");
        return new(
            address == "localhost" ? "127.0.0.1" : address,
            Port(root, "shell_port"), Port(root, "iopub_port"), Port(root, "stdin_port"),
            Port(root, "control_port"), Port(root, "hb_port"), key);
    }

    private static bool IsLoopback(string address) =>
        address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    private static int Port(JsonElement root, string name) =>
        root.GetProperty(name).GetInt32() is var port and >= 0 and <= 65535
            ? port
            : throw new ConnectionFileException($"The connection file's {name} is no port.");

    private static void Require(JsonElement root, string name, string wanted, string why)
    {
        var value = root.TryGetProperty(name, out var given) ? given.GetString() : wanted;
        if (value != wanted) throw new ConnectionFileException($"The connection file's {name} is '{value}'; {why}.");
    }
}

/// <summary>The connection file can't be used; the message says why.</summary>
internal sealed class ConnectionFileException(string message) : Exception(message);

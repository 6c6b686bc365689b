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
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new ConnectionFileException($"The connection file is malformed: {error.Message}");
        }
    }

    private static ConnectionFile Check(JsonElement root)
    {
        Require(root, "transport", "tcp", "the kernel speaks TCP only");
        Require(root, "signature_scheme", "hmac-sha256", "messages are signed with HMAC-SHA256 only");
        var address = Text(root, "ip", "an address");
        if (!IsLoopback(address))
            throw new ConnectionFileException($"The connection file asks to listen on '{address}'; only loopback is safe.");
        var key = System.Text.Encoding.UTF8.GetBytes(Text(root, "key", "the text that signs messages"));
        if (key.Length == 0)
            throw new ConnectionFileException("The connection file has no key, so anyone on this machine could run code.");
        return CheckPorts(new(
            address == "localhost" ? "127.0.0.1" : address,
            Port(root, "shell_port"), Port(root, "iopub_port"), Port(root, "stdin_port"),
            Port(root, "control_port"), Port(root, "hb_port"), key));
    }

    private static bool IsLoopback(string address) =>
        address == "localhost" || (IPAddress.TryParse(address, out var parsed) && IPAddress.IsLoopback(parsed));

    // 0 leaves the choice to the system.
    private static ConnectionFile CheckPorts(ConnectionFile file)
    {
        (string Name, int Port)[] ports =
            [("shell_port", file.ShellPort), ("iopub_port", file.IOPubPort), ("stdin_port", file.StdinPort),
                ("control_port", file.ControlPort), ("hb_port", file.HeartbeatPort)];
        if (ports.Where(each => each.Port != 0).GroupBy(each => each.Port).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ConnectionFileException(
                $"The connection file has {twice.Key} as its {string.Join(" and its ", twice.Select(each => each.Name))}; "
                + "each is to be a port of its own.");
        return file;
    }

    private static int Port(JsonElement root, string name)
    {
        const string Wanted = "a port's number";
        return Field(root, name, Wanted) is { ValueKind: JsonValueKind.Number } field
            && field.TryGetInt32(out var port) && port is >= 0 and <= 65535
            ? port
            : throw Malformed(name, Wanted);
    }

    private static string Text(JsonElement root, string name, string wanted) =>
        Field(root, name, wanted) is { ValueKind: JsonValueKind.String } field
            ? field.GetString()!
            : throw Malformed(name, wanted);

    private static JsonElement Field(JsonElement root, string name, string wanted) =>
        root.TryGetProperty(name, out var field)
            ? field
            : throw new ConnectionFileException($"The connection file has no {name}; {wanted} is wanted.");

    private static ConnectionFileException Malformed(string name, string wanted) =>
        new($"The connection file is malformed: as its {name}, {wanted} is wanted.");

    private static void Require(JsonElement root, string name, string wanted, string why)
    {
        var value = root.TryGetProperty(name, out var given) ? given.GetString() : wanted;
        if (value != wanted) throw new ConnectionFileException($"The connection file's {name} is '{value}'; {why}.");
    }
}

/// <summary>The connection file can't be used, or what it asks for can't be had; the message says why.</summary>
internal sealed class ConnectionFileException(string message) : Exception(message);

using NetMQ;

namespace Engram.Cli.Kernel;

/// <summary>Where the kernel's sockets listen.</summary>
internal static class Ports
{
    /// <summary>Lets a socket listen.</summary>
    /// <param name="socket">The socket.</param>
    /// <param name="address">The address.</param>
    /// <param name="port">The port.</param>
    /// <param name="name">What the connection file calls it.</param>
    /// <exception cref="ConnectionFileException">The port is in use, or not to be had.</exception>
    public static void Bind(NetMQSocket socket, string address, int port, string name)
    {
        var host = address.Contains(':', StringComparison.Ordinal) ? $"[{address}]" : address;
        try
        {
            socket.Bind($"tcp://{host}:{port}");
        }
        catch (AddressAlreadyInUseException)
        {
            throw new ConnectionFileException($"The connection file's {name}, {port}, is in use already.");
        }
        catch (Exception error) when (error is NetMQException or System.Net.Sockets.SocketException)
        {
            throw new ConnectionFileException($"Nothing can listen on the connection file's {name}, {host}:{port}: {error.Message}");
        }
    }
}

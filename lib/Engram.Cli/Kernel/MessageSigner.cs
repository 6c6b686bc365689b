using System.Security.Cryptography;
using System.Text;

namespace Engram.Cli.Kernel;

/// <summary>Signs messages with HMAC-SHA256 and checks signatures; each signature is good for one message only. For one thread.</summary>
internal sealed class MessageSigner(byte[] key)
{
    private const int Remembered = 65_536;

    private readonly IncrementalHash _mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _order = [];

    /// <summary>The signature of four serialised parts, in lower-case hexadecimal digits.</summary>
    public byte[] Sign(IReadOnlyList<byte[]> parts)
    {
        foreach (var part in parts) _mac.AppendData(part);
        return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(_mac.GetHashAndReset()));
    }

    /// <summary>Whether the parts carry the right signature, in a time that does not depend on where it differs.</summary>
    public bool Verify(IReadOnlyList<byte[]> parts, ReadOnlySpan<byte> signature) =>
        CryptographicOperations.FixedTimeEquals(Sign(parts), signature) && IsNew(Encoding.ASCII.GetString(signature));

    /// <summary>A message that was heard before is somebody's replay.</summary>
    private bool IsNew(string signature)
    {
        if (!_seen.Add(signature)) return false;
        _order.Enqueue(signature);
        if (_order.Count > Remembered) _seen.Remove(_order.Dequeue());
        return true;
    }
}

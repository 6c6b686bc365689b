using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Engram;

/// <summary>How far a download has come.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Received">Bytes that have come.</param>
/// <param name="Total">Bytes in all; null where the server does not say.</param>
public readonly record struct DownloadProgress(string File, long Received, long? Total);

/// <summary>
/// Downloads one file: into FILE.part beside it, from where an earlier attempt ended, checked, and then moved. Under
/// its own name a file is always whole.
/// </summary>
internal sealed class Download(Uri source, string target, string md5, IProgress<DownloadProgress>? progress)
{
    private const int Attempts = 3;
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(20);
    private static readonly HttpClient Client = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(10) })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    private readonly string _part = target + ".part";

    public async Task Run(CancellationToken cancellation)
    {
        EnsureWritable();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await Fetch(cancellation).ConfigureAwait(false);
                break;
            }
            catch (Exception e) when (IsNetwork(e, cancellation))
            {
                if (attempt < Attempts && Received > 0) continue;
                throw Unreachable(e);
            }
        }

        Check();
        File.Move(_part, target, overwrite: true);
    }

    private long Received => File.Exists(_part) ? new FileInfo(_part).Length : 0;

    private void EnsureWritable()
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            using var probe = new FileStream(_part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            throw new IOException(
                $"{Path.GetDirectoryName(target)} cannot be written to ({e.Message}). Name a folder that can be in " +
                $"FashionMnistOptions.Cache, or one that has the files in {FashionMnist.FolderVariable}.", e);
        }
    }

    // One request, for what is still missing.
    private async Task Fetch(CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(Silence);
        using var request = new HttpRequestMessage(HttpMethod.Get, source);
        if (Received > 0) request.Headers.Range = new RangeHeaderValue(Received, null);
        using var response = await Client
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, silence.Token).ConfigureAwait(false);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable) return;
        response.EnsureSuccessStatusCode();
        var isContinued = response.StatusCode == HttpStatusCode.PartialContent
            && response.Content.Headers.ContentRange?.From == Received;
        await using var file = new FileStream(
            _part, isContinued ? FileMode.Append : FileMode.Create, FileAccess.Write, FileShare.None);
        var total = file.Position + response.Content.Headers.ContentLength;
        await using var body = await response.Content.ReadAsStreamAsync(silence.Token).ConfigureAwait(false);
        var buffer = new byte[1 << 16];
        while (await body.ReadAsync(buffer, silence.Token).ConfigureAwait(false) is > 0 and var count)
        {
            await file.WriteAsync(buffer.AsMemory(0, count), silence.Token).ConfigureAwait(false);
            silence.CancelAfter(Silence);
            progress?.Report(new(Path.GetFileName(target), file.Position, total));
        }
    }

    private static bool IsNetwork(Exception e, CancellationToken cancellation) =>
        e is HttpRequestException or HttpIOException
        || (e is OperationCanceledException && !cancellation.IsCancellationRequested);

    private HttpRequestException Unreachable(Exception cause)
    {
        var received = Received;
        if (received == 0) File.Delete(_part);
        var reason = cause is OperationCanceledException ? $"nothing came for {Silence.TotalSeconds} s" : cause.Message;
        return new HttpRequestException(
            $"{source} could not be downloaded: {reason} " +
            (received > 0 ? $"{received} bytes are kept in {_part}; the next attempt goes on from there. " : "") +
            $"Without a network, copy the files into a folder and name it in {FashionMnist.FolderVariable}.", cause);
    }

    private void Check()
    {
        var found = Sum();
        if (found == md5) return;
        File.Delete(_part);
        throw new InvalidDataException(
            $"{source} came with the MD5 {found}; {md5} is wanted. It was deleted: try again, or from another address.");
    }

    private string Sum()
    {
        using var file = File.OpenRead(_part);
        return Convert.ToHexStringLower(MD5.HashData(file));
    }
}

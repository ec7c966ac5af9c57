using System.Net;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Downloads one file's content into its <c>.incomplete</c> file and renames it when it is whole and has the right hash. Goes on where an
/// earlier attempt, or an earlier process, stopped. The caller holds the blob's lock.
/// </summary>
/// <param name="http">Where requests go.</param>
/// <param name="patience">Longest silence of the server.</param>
/// <param name="open">Opens the growing file; a seam for tests of full disks.</param>
internal sealed class BlobDownload(HubHttp http, TimeSpan patience, Func<string, Stream> open)
{
    private const int BufferSize = 1 << 18;

    /// <summary>Opens a growing file for reading and writing.</summary>
    public static Stream OpenFile(string path) =>
        new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0, useAsync: true);

    /// <summary>Downloads.</summary>
    /// <param name="address">The file's address.</param>
    /// <param name="target">What it is.</param>
    /// <param name="file">Its identity.</param>
    /// <param name="folder">Where it goes.</param>
    /// <param name="retry">How to try again.</param>
    /// <param name="arrived">Told of bytes that are there now; negative when they turned out useless.</param>
    /// <param name="cancellation">Ends it; what has come stays for the next time.</param>
    /// <exception cref="AteneaException">It failed.</exception>
    public async Task RunAsync(
        Uri address, HubTarget target, RemoteMetadata file, RepositoryFolder folder, Retry retry, Action<long> arrived,
        CancellationToken cancellation)
    {
        string incomplete = folder.Incomplete(file.Etag), blob = folder.Blob(file.Etag);
        try
        {
            bool isRight;
            await using (Stream stream = open(incomplete))
            {
                if (stream.Length > file.Size) stream.SetLength(0);
                long before = stream.Length;
                arrived(before);
                isRight = await FetchAsync(stream).ConfigureAwait(false);
                if (!isRight && before > 0)
                {
                    // What lay there from before was not the beginning of this file.
                    Restart(stream, arrived);
                    isRight = await FetchAsync(stream).ConfigureAwait(false);
                }

                if (stream is FileStream onDisk) onDisk.Flush(flushToDisk: true);
            }

            if (isRight)
            {
                File.Move(incomplete, blob, overwrite: true);
                return;
            }

            File.Delete(incomplete);
            throw new AteneaException(Catalogue.DownloadCorrupt, $"{target}: its content has not the hash {file.Etag}",
                address.GetLeftPart(UriPartial.Path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.CannotWrite(incomplete, e);
        }

        Task<bool> FetchAsync(Stream stream) => retry.RunAsync<bool>(async (attempts, token) =>
        {
            await FetchRestAsync(stream, address, target, file.Size, folder, attempts, arrived, token).ConfigureAwait(false);
            return await BlobHash.MatchesAsync(stream, file.Etag, token).ConfigureAwait(false);
        }, cancellation);
    }

    private async Task FetchRestAsync(
        Stream stream, Uri address, HubTarget target, long? size, RepositoryFolder folder, Attempts attempts, Action<long> arrived,
        CancellationToken cancellation)
    {
        long start = stream.Length;
        if (start == size) return;
        if (size is { } whole && folder.FreeSpace() is { } free && free < whole - start)
            throw CacheErrors.NoSpace(folder.Folder, whole - start, free);

        using HubAnswer answer = await http.SendAsync(HttpMethod.Get, address, target, start, null, cancellation).ConfigureAwait(false);
        HttpResponseMessage response = answer.Response;
        if (start > 0 && !Continues(response, start, size))
        {
            // The server sends everything from the start, or the range makes no sense to it: what we have is of no use.
            Restart(stream, arrived);
            if (response.StatusCode != HttpStatusCode.OK) throw Broken(target, address, $"the server has no bytes from {start}", null);
        }

        if (response.Content.Headers.ContentEncoding.Any(e => e != "identity"))
        {
            throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: compressed, though it was asked for as it is",
                address.GetLeftPart(UriPartial.Path));
        }

        await CopyAsync(response, stream, address, target, size, attempts, arrived, cancellation).ConfigureAwait(false);
        if (size is { } expected && stream.Length != expected)
        {
            long length = stream.Length;
            if (length > expected) Restart(stream, arrived);
            throw Broken(target, address, $"{length} of {expected} bytes came", null);
        }
    }

    private async Task CopyAsync(
        HttpResponseMessage response, Stream stream, Uri address, HubTarget target, long? size, Attempts attempts, Action<long> arrived,
        CancellationToken cancellation)
    {
        stream.Position = stream.Length;
        byte[] buffer = new byte[BufferSize];
        using var body =
            new PatientStream(await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false), patience, long.MaxValue);
        while (size is null || stream.Length <= size)
        {
            int count;
            try
            {
                count = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw Broken(target, address, e.Message, e);
            }

            if (count == 0) return;
            await stream.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
            attempts.Progressed();
            arrived(count);
        }
    }

    private static bool Continues(HttpResponseMessage response, long start, long? size) =>
        response.StatusCode == HttpStatusCode.PartialContent && response.Content.Headers.ContentRange is { } range && range.From == start
        && (size is null || range.Length is null || range.Length == size);

    private static void Restart(Stream stream, Action<long> arrived)
    {
        arrived(-stream.Length);
        stream.SetLength(0);
    }

    private static TransientException Broken(HubTarget target, Uri address, string why, Exception? cause) =>
        new(new AteneaException(Catalogue.DownloadInterrupted, $"{target}: {why}", address.GetLeftPart(UriPartial.Path), inner: cause));
}

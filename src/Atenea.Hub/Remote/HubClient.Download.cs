using System.Collections.Concurrent;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Downloads.</summary>
public sealed partial class HubClient
{
    /// <summary>
    /// Downloads a repository's files that are not in the cache yet, several at once. What an earlier attempt left is continued; every file
    /// is checked against the hub's hash; other processes may do the same at the same time. The revision's record is written last, so that
    /// it never names half a snapshot.
    /// </summary>
    /// <param name="request">What to download.</param>
    /// <param name="cancellation">Ends it; what has come stays for the next time.</param>
    /// <exception cref="AteneaException">
    /// Offline (ATN0452), the hub refuses or fails, the cache cannot be written (ATN0451 to ATN0467).
    /// </exception>
    public async Task<DownloadedSnapshot> DownloadAsync(SnapshotRequest request, CancellationToken cancellation = default)
    {
        RepositoryInfo info = await InfoAsync(request.Kind, request.Id, request.Revision, cancellation).ConfigureAwait(false);
        RemoteFile[] wanted = Select(info, request);
        foreach (RemoteFile file in wanted) RemotePath.Check(file.Name, request.Id);

        var folder = new RepositoryFolder(_settings.Cache, request.Kind, request.Id);
        var count = new ProgressCount(_observer, wanted);
        var sizes = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        // Small files first: once the weights are there, the rest is.
        IEnumerable<RemoteFile> order = wanted.OrderBy(f => f.Size ?? long.MaxValue);
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, _settings.Workers), CancellationToken = cancellation };
        await Parallel.ForEachAsync(order, options, async (file, token) =>
        {
            string pointer = folder.Pointer(info.Commit, file.Name);
            if (!LinkedFile.Exists(pointer))
            {
                var target = new HubTarget(request.Kind, request.Id, info.Commit, file.Name);
                RemoteMetadata metadata = await MetadataAsync(target, token).ConfigureAwait(false)
                    ?? throw new AteneaException(Catalogue.RemoteFileNotFound, target.ToString(), _http.Endpoint);
                if (metadata.Commit != info.Commit)
                {
                    throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: the hub answers with commit {metadata.Commit}",
                        _http.Endpoint);
                }

                await FetchAsync(target, metadata, folder, count, token).ConfigureAwait(false);
            }
            else
            {
                count.Skipped(file);
            }

            sizes[file.Name] = LinkedFile.Length(pointer) ?? 0;
        }).ConfigureAwait(false);
        folder.WriteReference(request.Revision, info.Commit);
        return new DownloadedSnapshot(request.Kind, request.Id, info.Commit, folder.Snapshot(info.Commit), sizes, count.NewFiles,
            count.NewBytes);
    }

    /// <summary>
    /// The path of one file, downloaded if need be; null if the repository has no such file, which is remembered for the commit. Offline,
    /// or when the hub cannot be reached, the cache's file of that revision is taken.
    /// </summary>
    /// <param name="kind">Model or data set.</param>
    /// <param name="id">The repository.</param>
    /// <param name="file">The file's name, with slashes between its parts.</param>
    /// <param name="revision">Branch, tag or commit.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AteneaException">
    /// Not in the cache and offline (ATN0452), the hub refuses or fails, the cache cannot be written (ATN0451 to ATN0466).
    /// </exception>
    public async Task<string?> FindFileAsync(
        RepositoryKind kind, string id, string file, string revision = "main", CancellationToken cancellation = default)
    {
        HubCache.CheckId(id);
        HubCache.CheckRevision(revision);
        RemotePath.Check(file, id);
        var folder = new RepositoryFolder(_settings.Cache, kind, id);
        bool isPinned = RemotePath.IsCommit(revision);
        if (isPinned && LinkedFile.Exists(folder.Pointer(revision, file))) return folder.Pointer(revision, file);
        if (isPinned && LinkedFile.Exists(folder.NoExist(revision, file))) return null;

        var target = new HubTarget(kind, id, revision, file);
        RemoteMetadata? metadata;
        try
        {
            RequireNetwork(target);
            metadata = await MetadataAsync(target, cancellation).ConfigureAwait(false);
        }
        catch (AteneaException e) when (e.Code == Catalogue.HubOffline || e.Code == Catalogue.HubUnreachable
            || e.Code == Catalogue.HubFailed)
        {
            if (folder.ReadReference(revision) is { } known)
            {
                if (LinkedFile.Exists(folder.Pointer(known, file))) return folder.Pointer(known, file);
                if (LinkedFile.Exists(folder.NoExist(known, file))) return null;
            }

            throw;
        }

        if (metadata is null) return null;
        string pointer = folder.Pointer(metadata.Commit, file);
        if (!LinkedFile.Exists(pointer)) await FetchAsync(target, metadata, folder, null, cancellation).ConfigureAwait(false);
        folder.WriteReference(revision, metadata.Commit);
        return pointer;
    }

    private static RemoteFile[] Select(RepositoryInfo info, SnapshotRequest request)
    {
        IEnumerable<string> names = info.Files.Select(f => f.Name);
        if (request.Include is not null)
        {
            var include = new FilePatterns(request.Include);
            names = names.Where(include.Match);
        }
        else if (!request.Everything && request.Kind == RepositoryKind.Model)
        {
            names = ModelFiles.Select(names);
        }

        var exclude = new FilePatterns(request.Exclude);
        HashSet<string> chosen = [.. names.Where(n => !exclude.Match(n))];
        if (chosen.Count > 0) return [.. info.Files.Where(f => chosen.Contains(f.Name)).DistinctBy(f => f.Name)];
        const int MostShown = 10;
        string some = string.Join(", ", info.Files.Take(MostShown).Select(f => f.Name)) + (info.Files.Count > MostShown ? ", ..." : "");
        throw new AteneaException(Catalogue.NoFileSelected,
            info.Files.Count == 0
                ? $"{request.Id} is empty"
                : $"none of the {info.Files.Count} files of {request.Id} is chosen; there are {some}");
    }

    private Uri ResolveAddress(HubTarget target, string revision)
    {
        string repository = (target.Kind == RepositoryKind.Dataset ? "datasets/" : "") + target.Id;
        return _http.Address($"/{repository}/resolve/{Uri.EscapeDataString(revision)}/{RemotePath.Escape(target.File!)}");
    }

    // Null when the repository has no such file; the marker of that is then written.
    private Task<RemoteMetadata?> MetadataAsync(HubTarget target, CancellationToken cancellation)
    {
        Uri address = ResolveAddress(target, target.Revision!);
        return _retry.RunAsync(async (_, token) =>
        {
            using HubAnswer answer = await _http.SendAsync(HttpMethod.Head, address, target, 0, null, token).ConfigureAwait(false);
            string where = address.GetLeftPart(UriPartial.Path);
            if (!RemotePath.IsCommit(answer.Commit))
                throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: no X-Repo-Commit", where);
            HttpResponseMessage response = answer.Response;
            if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            {
                new RepositoryFolder(_settings.Cache, target.Kind!.Value, target.Id).MarkMissing(answer.Commit!, target.File!);
                return null;
            }

            string? etag = HubErrors.Header(response.Headers, "X-Linked-ETag") ?? response.Headers.ETag?.ToString()
                ?? HubErrors.Header(response.Headers, "ETag");
            string blob = RemotePath.BlobName(etag)
                ?? throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: no usable ETag ('{etag}')", where);
            long? size = long.TryParse(HubErrors.Header(response.Headers, "X-Linked-Size"), out long linked) ? linked
                : response.IsSuccessStatusCode ? response.Content.Headers.ContentLength : null;
            return (RemoteMetadata?)new RemoteMetadata(answer.Commit!, blob, size is >= 0 ? size : null);
        }, cancellation);
    }

    private async Task FetchAsync(
        HubTarget target, RemoteMetadata metadata, RepositoryFolder folder, ProgressCount? count, CancellationToken cancellation)
    {
        folder.Prepare();
        Action<string>? notice = _observer is null ? null : _observer.Notice;
        using CacheLock held = await CacheLock.AcquireAsync(folder.Lock(metadata.Etag), notice, cancellation).ConfigureAwait(false);
        bool isNew = !LinkedFile.Exists(folder.Blob(metadata.Etag));
        // Another process was faster, where there are no links.
        if (isNew && LinkedFile.Exists(folder.Pointer(metadata.Commit, target.File!))) return;
        if (isNew)
        {
            // Pinned to the commit: the branch may move on between the question and the download.
            Uri address = ResolveAddress(target, metadata.Commit);
            await new BlobDownload(_http, _settings.Timeout, OpenIncomplete)
                .RunAsync(address, target, metadata, folder, _retry, bytes => count?.Arrived(bytes), cancellation).ConfigureAwait(false);
        }

        long length = LinkedFile.Length(folder.Blob(metadata.Etag)) ?? 0;
        folder.Link(metadata.Etag, metadata.Commit, target.File!, _settings.Symlinks, isNew);
        count?.Finished(length, isNew);
    }

    /// <summary>Adds up what several downloads do.</summary>
    private sealed class ProgressCount(DownloadObserver? observer, RemoteFile[] files)
    {
        private readonly long? _bytes = files.All(f => f.Size is not null) ? files.Sum(f => f.Size!.Value) : null;
        private int _filesDone;
        private int _newFiles;
        private long _bytesDone;
        private long _newBytes;

        public int NewFiles => _newFiles;

        public long NewBytes => _newBytes;

        public void Arrived(long bytes)
        {
            Interlocked.Add(ref _bytesDone, bytes);
            Report();
        }

        public void Skipped(RemoteFile file)
        {
            Interlocked.Add(ref _bytesDone, file.Size ?? 0);
            Interlocked.Increment(ref _filesDone);
            Report();
        }

        public void Finished(long length, bool isNew)
        {
            if (isNew)
            {
                Interlocked.Increment(ref _newFiles);
                Interlocked.Add(ref _newBytes, length);
            }
            else
            {
                Interlocked.Add(ref _bytesDone, length);
            }

            Interlocked.Increment(ref _filesDone);
            Report();
        }

        private void Report() => observer?.Progressed(
            new DownloadProgress(Volatile.Read(ref _filesDone), files.Length, Interlocked.Read(ref _bytesDone), _bytes));
    }
}

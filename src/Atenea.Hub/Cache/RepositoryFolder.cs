namespace Atenea.Hub;

/// <summary>
/// One repository's part of the cache, for writing: huggingface_hub's layout to the letter, so that either side reads what the other wrote.
/// </summary>
internal sealed class RepositoryFolder
{
    // The tag that backup programs look for, with the words that Python's library writes, so that neither rewrites the other's file.
    private const string CacheTag = """
        Signature: 8a477f597d28d172789f06886806bc55
        # This file is a cache directory tag created by huggingface_hub.
        # For information about cache directory tags, see:
        #	https://bford.info/cachedir/

        """;

    private readonly string _root;
    private readonly string _name;

    /// <summary>Names a repository's folder, which need not exist.</summary>
    public RepositoryFolder(HubCache cache, RepositoryKind kind, string id)
    {
        _root = Path.GetFullPath(cache.Root);
        _name = HubCache.FolderName(kind, id);
        Folder = Path.Combine(_root, _name);
    }

    /// <summary>The repository's folder.</summary>
    public string Folder { get; }

    /// <summary>Where a file's content is, by its ETag.</summary>
    public string Blob(string etag) => Path.Combine(Folder, "blobs", etag);

    /// <summary>Where a file's content grows while it is downloaded.</summary>
    public string Incomplete(string etag) => Blob(etag) + ".incomplete";

    /// <summary>The lock that guards a blob.</summary>
    public string Lock(string etag) => Path.Combine(_root, ".locks", _name, etag + ".lock");

    /// <summary>The folder of a commit's files.</summary>
    public string Snapshot(string commit) => Path.Combine(Folder, "snapshots", commit);

    /// <summary>Where a commit's file is found by its name.</summary>
    public string Pointer(string commit, string file) => Path.Combine([Snapshot(commit), .. file.Split('/')]);

    /// <summary>The marker that a commit has no such file.</summary>
    public string NoExist(string commit, string file) => Path.Combine([Folder, ".no_exist", commit, .. file.Split('/')]);

    /// <summary>Makes the folders for a blob, and the tag of the cache's root.</summary>
    /// <exception cref="Errors.AteneaException">ATN0465, ATN0466.</exception>
    public void Prepare() => Write(Folder, () =>
    {
        Directory.CreateDirectory(Path.Combine(Folder, "blobs"));
        string tag = Path.Combine(_root, "CACHEDIR.TAG");
        if (!File.Exists(tag)) AtomicFile.WriteText(tag, CacheTag.ReplaceLineEndings("\n"));
    });

    /// <summary>Lets a commit's file name lead to a blob: by a relative link, or, where there are none, by the content itself.</summary>
    /// <param name="etag">The blob.</param>
    /// <param name="commit">The commit.</param>
    /// <param name="file">The file's name.</param>
    /// <param name="symlinks">Whether links are wanted.</param>
    /// <param name="isNew">Whether the blob was just made, so that nothing else refers to it.</param>
    /// <exception cref="Errors.AteneaException">ATN0465, ATN0466.</exception>
    public void Link(string etag, string commit, string file, bool symlinks, bool isNew)
    {
        string blob = Blob(etag), pointer = Pointer(commit, file);
        Write(pointer, () =>
        {
            string folder = Path.GetDirectoryName(pointer)!;
            Directory.CreateDirectory(folder);
            // Renamed into place: a reader never sees the name without its file, and whatever was there (a broken link, a loop) is
            // replaced.
            string temporary = $"{pointer}.{Guid.NewGuid():N}.tmp";
            if (symlinks && TryLink(temporary, Path.GetRelativePath(folder, blob)))
                File.Move(temporary, pointer, overwrite: true);
            else if (isNew)
                File.Move(blob, pointer, overwrite: true);
            else
                Copy(blob, temporary, pointer);
        });
    }

    /// <summary>Records which commit a branch or tag is now at. A full commit needs no record.</summary>
    /// <exception cref="Errors.AteneaException">ATN0465, ATN0466.</exception>
    public void WriteReference(string revision, string commit)
    {
        if (revision == commit) return;
        string file = Path.Combine([Folder, "refs", .. revision.Split('/')]);
        // A cache that is up to date is not touched: it may be read-only.
        if (File.Exists(file) && File.ReadAllText(file) == commit) return;
        Write(file, () => AtomicFile.WriteText(file, commit));
    }

    /// <summary>
    /// The commit that a revision was at when it was last downloaded; a full commit is itself. Null if that is not known.
    /// </summary>
    public string? ReadReference(string revision)
    {
        if (RemotePath.IsCommit(revision)) return revision;
        string file = Path.Combine([Folder, "refs", .. revision.Split('/')]);
        return File.Exists(file) && FileErrors.ReadText(file).Trim() is var commit && RemotePath.IsCommit(commit) ? commit : null;
    }

    /// <summary>Records that a commit has no such file. Best effort: it only saves a question.</summary>
    public void MarkMissing(string commit, string file)
    {
        try
        {
            string marker = NoExist(commit, file);
            if (File.Exists(marker)) return;
            Directory.CreateDirectory(Path.GetDirectoryName(marker)!);
            File.WriteAllBytes(marker, []);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A read-only cache asks again next time.
        }
    }

    /// <summary>Free bytes where the cache is, or null where the system does not tell.</summary>
    public long? FreeSpace()
    {
        try
        {
            return new DriveInfo(Folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static void Write(string path, Action write)
    {
        try
        {
            write();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or Errors.AteneaException)
        {
            throw CacheErrors.CannotWrite(path, e);
        }
    }

    private static bool TryLink(string link, string target)
    {
        try
        {
            File.CreateSymbolicLink(link, target);
            return true;
        }
        catch (Exception e) when (e is UnauthorizedAccessException or PlatformNotSupportedException || (e is IOException && !IsFatal(e)))
        {
            return false;
        }
    }

    private static bool IsFatal(Exception e) => e.HResult is 28 or 30 or 122;

    private static void Copy(string blob, string temporary, string pointer)
    {
        try
        {
            File.Copy(blob, temporary);
            File.Move(temporary, pointer, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }
}

namespace Atenea.Hub;

/// <summary>
/// A lock between processes, Python's included: an exclusive hold on a file of <c>.locks</c> (flock on Unix, as Python's filelock takes it;
/// a share mode on Windows). It goes with the process, so a killed one leaves nothing behind but an empty file.
/// </summary>
internal sealed class CacheLock : IDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan NoticeAfter = TimeSpan.FromSeconds(5);

    private readonly FileStream _stream;

    private CacheLock(FileStream stream) => _stream = stream;

    /// <summary>Waits until the lock is ours.</summary>
    /// <param name="file">The lock's file.</param>
    /// <param name="notice">Told when it takes long; null for silence.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="Errors.AteneaException">The file cannot be made (ATN0465, ATN0466).</exception>
    public static async Task<CacheLock> AcquireAsync(string file, Action<string>? notice, CancellationToken cancellation)
    {
        CreateFolder(file);
        long start = Environment.TickCount64;
        bool told = false;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            if (TryAcquire(file) is { } held) return held;
            if (!told && Environment.TickCount64 - start > NoticeAfter.TotalMilliseconds)
            {
                told = true;
                notice?.Invoke($"waiting for another process that downloads the same file ('{file}')");
            }

            await Task.Delay(Poll, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static void CreateFolder(string file)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.CannotWrite(file, e);
        }
    }

    private static CacheLock? TryAcquire(string file)
    {
        FileStream? stream = null;
        try
        {
            stream = Open(file, FileMode.OpenOrCreate);
            if (IsStillNamed(file)) return new CacheLock(stream);
        }
        catch (IOException e) when (!IsRefused(e))
        {
            // Held by another, or deleted under our hands: try again.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CacheErrors.CannotWrite(file, e);
        }

        stream?.Dispose();
        return null;
    }

    // Between opening and locking, another process may have deleted the file: our lock would then guard nothing. If the name still leads to
    // the file that we hold, opening it once more fails.
    private static bool IsStillNamed(string file)
    {
        try
        {
            using FileStream second = Open(file, FileMode.Open);
            return false;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    private static FileStream Open(string file, FileMode mode) => new(file, mode, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    // A sharing violation may pass; a full or read-only disk, a missing folder or a folder in the file's place does not.
    private static bool IsRefused(IOException e) =>
        e is DirectoryNotFoundException or PathTooLongException || e.HResult is 20 or 21 or 28 or 30 or 40 or 122;
}

using System.Collections.Concurrent;
using System.Text;

namespace Atenea.Hub;

/// <summary>
/// Writes files that are never half written: into a temporary file of the same folder, flushed to the disk, then renamed over the target.
/// A reader, or a run that was killed, sees the old file or the new one. Missing folders are created.
/// </summary>
public static class AtomicFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new(StringComparer.Ordinal);

    /// <summary>Writes text as UTF-8 without a byte order mark.</summary>
    /// <exception cref="Errors.AteneaException">The file cannot be written (ATN0403).</exception>
    public static void WriteText(string path, string text) => WriteBytes(path, Utf8.GetBytes(text));

    /// <summary>Writes bytes.</summary>
    /// <exception cref="Errors.AteneaException">The file cannot be written (ATN0403).</exception>
    public static void WriteBytes(string path, byte[] bytes) => Write(path, stream => stream.Write(bytes));

    /// <summary>Writes what <paramref name="write"/> puts into the stream. If it throws, the target stays as it was.</summary>
    /// <param name="path">The target.</param>
    /// <param name="write">Writes the content; need not flush.</param>
    /// <exception cref="Errors.AteneaException">The file cannot be written (ATN0403).</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string full = Path.GetFullPath(path);
        string temporary = $"{full}.{Guid.NewGuid():N}.tmp";
        Unfinished[temporary] = true;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Discard(temporary);
            throw FileErrors.CannotWrite(path, e);
        }
        catch
        {
            Discard(temporary);
            throw;
        }
        finally
        {
            Unfinished.TryRemove(temporary, out _);
        }
    }

    /// <summary>Deletes the temporary files of all writes under way, for a process that a signal is about to end.</summary>
    public static void DiscardUnfinished()
    {
        foreach (string temporary in Unfinished.Keys) Discard(temporary);
    }

    private static void Discard(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The write's own error is the one to report; a stray temporary file harms nobody.
        }
    }
}

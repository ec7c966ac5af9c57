namespace Atenea.Hub;

/// <summary>How far a download is.</summary>
/// <param name="FilesDone">Files that are complete.</param>
/// <param name="Files">Files in all.</param>
/// <param name="BytesDone">Bytes that are there, those of earlier attempts included.</param>
/// <param name="Bytes">Bytes in all, or null while the server has not told.</param>
public readonly record struct DownloadProgress(int FilesDone, int Files, long BytesDone, long? Bytes);

/// <summary>Is told what a download does. Called from several threads at once.</summary>
public class DownloadObserver
{
    /// <summary>Something moved on.</summary>
    public virtual void Progressed(DownloadProgress progress)
    {
    }

    /// <summary>Something that a person should know: a wait, a retry.</summary>
    public virtual void Notice(string text)
    {
    }
}

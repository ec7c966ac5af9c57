using Microsoft.Win32.SafeHandles;

namespace Atenea.Parquet;

/// <summary>The bytes of a file, on disk or in memory.</summary>
internal sealed class FileBytes : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly byte[] _memory = [];

    /// <summary>Opens a file on disk.</summary>
    public FileBytes(string path)
    {
        _handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        Length = RandomAccess.GetLength(_handle);
    }

    /// <summary>Takes a file in memory.</summary>
    public FileBytes(byte[] memory)
    {
        _memory = memory;
        Length = memory.Length;
    }

    /// <summary>The file's bytes.</summary>
    public long Length { get; }

    /// <summary>Fills a target from a place on.</summary>
    /// <returns>Fewer bytes than the target has only where the file ends.</returns>
    public int Read(Span<byte> target, long offset)
    {
        if (_handle is null)
        {
            int count = (int)Math.Clamp(_memory.Length - offset, 0, target.Length);
            _memory.AsSpan((int)Math.Min(offset, _memory.Length), count).CopyTo(target);
            return count;
        }

        int filled = 0;
        while (filled < target.Length && RandomAccess.Read(_handle, target[filled..], offset + filled) is > 0 and int read) filled += read;
        return filled;
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle?.Dispose();
}

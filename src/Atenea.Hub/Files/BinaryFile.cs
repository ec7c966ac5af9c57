using System.Buffers;
using System.Runtime.InteropServices;
using Atenea.Errors;
using Microsoft.Win32.SafeHandles;

namespace Atenea.Hub;

/// <summary>
/// A file whose bytes are read by position, from any number of threads at once. It is not mapped into memory: a file that another program
/// cuts short while it is mapped ends the process with a signal, where a read gives an error.
/// </summary>
internal sealed class BinaryFile : IDisposable
{
    // Stays in the second-level cache between the read and the conversion; smaller reads cost more calls.
    private const int ChunkBytes = 1 << 19;

    private readonly SafeFileHandle _handle;

    private BinaryFile(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        _handle = handle;
        Length = length;
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path { get; }

    /// <summary>Its length in bytes when it was opened.</summary>
    public long Length { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="AteneaException">The file is missing or cannot be read (ATN0401, ATN0402).</exception>
    public static BinaryFile Open(string path)
    {
        SafeFileHandle? handle = null;
        try
        {
            handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, FileOptions.SequentialScan);
            return new BinaryFile(path, handle, RandomAccess.GetLength(handle));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or NotSupportedException)
        {
            handle?.Dispose();
            throw FileErrors.CannotRead(path, e);
        }
    }

    /// <summary>Fills a span with the bytes from an offset on, which the caller has checked to lie inside <see cref="Length"/>.</summary>
    /// <exception cref="AteneaException">They cannot be read, or the file has become shorter since it was opened (ATN0402).</exception>
    public void Read(long offset, Span<byte> destination)
    {
        try
        {
            while (destination.Length > 0)
            {
                int read = RandomAccess.Read(_handle, destination, offset);
                if (read == 0)
                {
                    throw new AteneaException(Catalogue.FileUnreadable,
                        $"it ends at byte {offset}, but had {Length} bytes when it was opened: another program has cut or replaced it",
                        Path);
                }

                offset += read;
                destination = destination[read..];
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotRead(Path, e);
        }
    }

    /// <summary>Reads bytes into a new array.</summary>
    /// <inheritdoc cref="Read"/>
    public byte[] ReadBytes(long offset, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Length - count);
        var bytes = GC.AllocateUninitializedArray<byte>(count);
        Read(offset, bytes);
        return bytes;
    }

    /// <summary>Reads floats that lie one after the other as single precision.</summary>
    /// <param name="type">How they are stored: F16, BF16, F32 or F64.</param>
    /// <param name="offset">Byte at which the first one starts.</param>
    /// <param name="destination">As many as are to be read.</param>
    /// <inheritdoc cref="Read"/>
    public void ReadFloats(StorageType type, long offset, Span<float> destination)
    {
        if (type == StorageType.F32)
        {
            Read(offset, MemoryMarshal.AsBytes(destination));
            return;
        }

        int elementBytes = type.Bits() / 8, most = ChunkBytes / elementBytes;
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkBytes);
        try
        {
            while (destination.Length > 0)
            {
                int count = Math.Min(most, destination.Length);
                Span<byte> stored = chunk.AsSpan(0, count * elementBytes);
                Read(offset, stored);
                FloatConversion.ToSingle(type, stored, destination[..count]);
                offset += stored.Length;
                destination = destination[count..];
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _handle.Dispose();
}

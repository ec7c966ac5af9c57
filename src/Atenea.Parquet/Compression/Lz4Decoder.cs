using System.Buffers.Binary;

namespace Atenea.Parquet;

/// <summary>LZ4 blocks, alone (LZ4_RAW) or in the framing of Hadoop (the deprecated codec LZ4).</summary>
/// <remarks>Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md</remarks>
internal static class Lz4Decoder
{
    // A byte that prolongs a length adds 255 at most.
    private const int LargestRatio = 255;
    private const int ShortestMatch = 4;
    private const int HadoopHeader = 8;

    /// <summary>Decompresses a page that is one block.</summary>
    /// <param name="input">The compressed bytes.</param>
    /// <param name="size">The bytes that the page header promises.</param>
    /// <param name="buffer">Receives them; replaced if it is too small.</param>
    /// <exception cref="DamagedException">The bytes are not LZ4's or not of that size.</exception>
    public static void Decompress(ReadOnlySpan<byte> input, int size, ref byte[] buffer)
    {
        Prepare(input, size, ref buffer);
        int written = Decode(input, buffer.AsSpan(0, size));
        if (written != size) throw DamagedException.Compression($"LZ4 ends after {written} bytes of {size}");
    }

    /// <summary>Decompresses a page of the deprecated codec: Hadoop's frames, or a bare block as some writers put there.</summary>
    /// <exception cref="DamagedException">The bytes are neither.</exception>
    public static void DecompressHadoop(ReadOnlySpan<byte> input, int size, ref byte[] buffer)
    {
        Prepare(input, size, ref buffer);
        if (!IsHadoop(input, size))
        {
            Decompress(input, size, ref buffer);
            return;
        }

        int written = 0;
        while (input.Length > 0)
        {
            int blockSize = BinaryPrimitives.ReadInt32BigEndian(input);
            int compressed = BinaryPrimitives.ReadInt32BigEndian(input[4..]);
            int done = Decode(input.Slice(HadoopHeader, compressed), buffer.AsSpan(written, blockSize));
            if (done != blockSize) throw DamagedException.Compression($"an LZ4 block ends after {done} bytes of {blockSize}");
            written += done;
            input = input[(HadoopHeader + compressed)..];
        }
    }

    private static void Prepare(ReadOnlySpan<byte> input, int size, ref byte[] buffer)
    {
        if (size > (long)input.Length * LargestRatio) throw DamagedException.Compression($"{input.Length} bytes of LZ4 cannot hold {size}");
        if (buffer.Length < size) buffer = GC.AllocateUninitializedArray<byte>(size);
    }

    private static bool IsHadoop(ReadOnlySpan<byte> input, int size)
    {
        long total = 0;
        while (input.Length >= HadoopHeader)
        {
            int blockSize = BinaryPrimitives.ReadInt32BigEndian(input);
            int compressed = BinaryPrimitives.ReadInt32BigEndian(input[4..]);
            if (blockSize < 0 || compressed < 0 || compressed > input.Length - HadoopHeader) return false;
            total += blockSize;
            input = input[(HadoopHeader + compressed)..];
        }

        return input.Length == 0 && total == size;
    }

    private static int Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int position = 0, written = 0;
        while (position < input.Length)
        {
            int token = input[position++];
            int literals = ReadLength(input, ref position, token >> 4);
            if (literals > input.Length - position) throw Truncated();
            if (literals > output.Length - written) throw TooLong();
            input.Slice(position, literals).CopyTo(output[written..]);
            position += literals;
            written += literals;
            if (position == input.Length) return written; // The last sequence has no match.
            if (input.Length - position < 2) throw Truncated();
            int offset = BinaryPrimitives.ReadUInt16LittleEndian(input[position..]);
            position += 2;
            int match = ReadLength(input, ref position, token & 15);
            if (match > int.MaxValue - ShortestMatch || match + ShortestMatch > output.Length - written) throw TooLong();
            if (offset == 0 || offset > written) throw DamagedException.Compression($"LZ4 copies from {offset} bytes back after {written} bytes");
            ByteCopy.Repeat(output, written, offset, match + ShortestMatch);
            written += match + ShortestMatch;
        }

        return written;
    }

    private static int ReadLength(ReadOnlySpan<byte> input, ref int position, int length)
    {
        if (length < 15) return length;
        while (true)
        {
            if (position >= input.Length) throw Truncated();
            byte more = input[position++];
            if (length > int.MaxValue - more) throw TooLong();
            length += more;
            if (more != 255) return length;
        }
    }

    private static DamagedException Truncated() => DamagedException.Compression("LZ4 ends within a sequence");

    private static DamagedException TooLong() => DamagedException.Compression("LZ4 holds more bytes than the page header says");
}

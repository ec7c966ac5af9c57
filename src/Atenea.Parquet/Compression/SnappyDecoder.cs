namespace Atenea.Parquet;

/// <summary>Snappy's raw format: a varint length, then literals and copies.</summary>
/// <remarks>Source: https://github.com/google/snappy/blob/main/format_description.txt</remarks>
internal static class SnappyDecoder
{
    private const int LongestCopy = 64;
    private const int ShortestCopyTag = 3;

    private const int LongestShortLiteral = 60;

    // Per tag of a copy: its length, the high bits of its offset, and the bytes of offset that follow.
    private const int LengthMask = 0xFF, HighOffsetMask = 0x700, TrailerShift = 11;

    private static readonly ushort[] Copies = BuildCopies();

    // The reach of a copy in steps of 16 bytes; both buffers must have this much left for it.
    private const int WideStep = 16;

    private static ReadOnlySpan<uint> TrailerMasks => [0, 0xFF, 0xFFFF, 0xFFFFFF, 0xFFFFFFFF];

    /// <summary>Decompresses a page.</summary>
    /// <param name="input">The compressed bytes.</param>
    /// <param name="size">The bytes that the page header promises.</param>
    /// <param name="buffer">Receives them; replaced if it is too small.</param>
    /// <exception cref="DamagedException">The bytes are not Snappy's or not of that size.</exception>
    public static void Decompress(ReadOnlySpan<byte> input, int size, ref byte[] buffer)
    {
        long claimed = ReadLength(input, out int position);
        if (claimed != size) throw DamagedException.Compression($"Snappy holds {claimed} bytes where the page header says {size}");
        // A copy of 64 bytes takes three bytes at least: more cannot be inside.
        if (size > (long)input.Length * (LongestCopy / ShortestCopyTag + 1))
            throw DamagedException.Compression($"{input.Length} bytes of Snappy cannot hold {size}");
        if (buffer.Length < size) buffer = GC.AllocateUninitializedArray<byte>(size);
        int written = Decode(input, position, buffer.AsSpan(0, size));
        if (written != size) throw DamagedException.Compression($"Snappy ends after {written} bytes of {size}");
    }

    private static ushort[] BuildCopies()
    {
        var copies = new ushort[256];
        for (int tag = 0; tag < copies.Length; tag++)
        {
            copies[tag] = (tag & 3) switch
            {
                1 => (ushort)((((tag >> 2) & 7) + 4) | ((tag >> 5) << 8) | (1 << TrailerShift)),
                2 => (ushort)(((tag >> 2) + 1) | (2 << TrailerShift)),
                3 => (ushort)(((tag >> 2) + 1) | (4 << TrailerShift)),
                _ => 0, // a literal
            };
        }

        return copies;
    }

    private static int ReadTrailer(ReadOnlySpan<byte> input, int position, int bytes)
    {
        int value = 0;
        for (int i = 0; i < bytes; i++) value |= input[position + i] << (8 * i);
        return value;
    }

    private static int ReadLongLength(ReadOnlySpan<byte> input, ref int position, int bytes)
    {
        if (bytes > input.Length - position) throw Truncated();
        uint length = (uint)ReadTrailer(input, position, bytes);
        position += bytes;
        return length < int.MaxValue ? (int)length + 1 : throw TooLong();
    }

    private static long ReadLength(ReadOnlySpan<byte> input, out int position)
    {
        long value = 0;
        for (position = 0; position < input.Length && position < 5;)
        {
            byte next = input[position];
            value |= (long)(next & 0x7F) << (7 * position++);
            if (next < 0x80) return value;
        }

        throw DamagedException.Compression("Snappy's length is malformed");
    }

    private static unsafe int Decode(ReadOnlySpan<byte> input, int position, Span<byte> output)
    {
        int written = 0;
        fixed (byte* source = input, target = output)
        {
            int inputEnd = input.Length, outputEnd = output.Length;
            while (position < inputEnd)
            {
                int tag = source[position++];
                int length, offset;
                if ((tag & 3) == 0)
                {
                    length = (tag >> 2) + 1;
                    if (length <= WideStep && inputEnd - position >= WideStep && outputEnd - written >= WideStep)
                    {
                        Copy16(source + position, target + written);
                    }
                    else
                    {
                        if (length > LongestShortLiteral) length = ReadLongLength(input, ref position, length - LongestShortLiteral);
                        if (length > inputEnd - position) throw Truncated();
                        if (length > outputEnd - written) throw TooLong();
                        Buffer.MemoryCopy(source + position, target + written, outputEnd - written, length);
                    }

                    position += length;
                    written += length;
                    continue;
                }
                // All three kinds of copies by one table: a branch on the kind would be guessed wrong too often.
                int copy = Copies[tag];
                int trailer = copy >> TrailerShift;
                if (inputEnd - position >= sizeof(uint)) offset = (int)(*(uint*)(source + position) & TrailerMasks[trailer]);
                else if (inputEnd - position < trailer) throw Truncated();
                else offset = ReadTrailer(input, position, trailer);
                position += trailer;
                length = copy & LengthMask;
                offset += copy & HighOffsetMask;
                if (offset <= 0 || offset > written) throw DamagedException.Compression($"Snappy copies from {offset} bytes back after {written} bytes");
                if (length > outputEnd - written) throw TooLong();
                if (offset >= WideStep && outputEnd - written >= LongestCopy)
                {
                    for (int done = 0; done < length; done += WideStep) Copy16(target + written + done - offset, target + written + done);
                }
                else
                {
                    for (int i = 0; i < length; i++) target[written + i] = target[written + i - offset];
                }

                written += length;
            }
        }

        return written;
    }

    private static unsafe void Copy16(byte* from, byte* to)
    {
        ulong low = *(ulong*)from, high = *(ulong*)(from + 8);
        *(ulong*)to = low;
        *(ulong*)(to + 8) = high;
    }

    private static DamagedException Truncated() => DamagedException.Compression("Snappy ends within an element");

    private static DamagedException TooLong() => DamagedException.Compression("Snappy holds more bytes than it says");
}

using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Atenea.Errors;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Atenea.Parquet;

/// <summary>
/// Decompresses pages. What a page header promises is believed within the largest ratio that the codec can reach; where that has no useful
/// bound, the output grows with what is really there.
/// </summary>
internal static class PageDecompressor
{
    // Snappy's copy of 64 bytes takes three; a byte that prolongs a length of LZ4 adds 255 at most.
    private const int LargestSnappyRatio = 22;
    private const int LargestLz4Ratio = 255;
    private const int HadoopHeader = 8;

    // Where a codec has no bound for its ratio, the buffer starts at this many times the input.
    private const int FirstRatio = 16;
    private const int FirstSize = 4096;

    // 2^26 bytes. A decoder takes this much at a frame's word, before it has seen a block. A frame that fits the output needs no window.
    private const int ZstandardWindowLog = 26;

    /// <summary>Checks that a codec is one that can be read.</summary>
    /// <exception cref="DamagedException">It is not (ATN0428).</exception>
    public static void Check(int codec)
    {
        if (codec == (int)CompressionCodec.Lzo) throw new DamagedException(Catalogue.ParquetCodecUnsupported, "LZO");
        if (codec is < 0 or > (int)CompressionCodec.Lz4Raw)
            throw new DamagedException(Catalogue.ParquetCodecUnsupported, $"codec number {codec}, which does not exist");
    }

    /// <summary>Decompresses a page.</summary>
    /// <param name="codec">Any but <see cref="CompressionCodec.Uncompressed"/>.</param>
    /// <param name="input">The compressed bytes.</param>
    /// <param name="size">The bytes that the page header promises.</param>
    /// <param name="buffer">Receives them, from its start on; replaced if it is too small.</param>
    /// <exception cref="DamagedException">The bytes are damaged or not of that size (ATN0430).</exception>
    public static void Decompress(CompressionCodec codec, ArraySegment<byte> input, int size, ref byte[] buffer)
    {
        try
        {
            int written = codec switch
            {
                CompressionCodec.Snappy => DecodeSnappy(input, Prepare(input, size, LargestSnappyRatio, ref buffer)),
                CompressionCodec.Lz4Raw => DecodeLz4(input, Prepare(input, size, LargestLz4Ratio, ref buffer)),
                CompressionCodec.Lz4 => DecodeHadoop(input, Prepare(input, size, LargestLz4Ratio, ref buffer)),
                CompressionCodec.Gzip => Grow(InflateGzip, input, size, ref buffer),
                CompressionCodec.Brotli => Grow(InflateBrotli, input, size, ref buffer),
                _ => Grow(InflateZstandard, input, size, ref buffer),
            };
            if (written != size) throw DamagedException.Compression($"it ends after {written} bytes of {size}");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw DamagedException.Compression(e.Message, e);
        }
    }

    private static Span<byte> Prepare(ArraySegment<byte> input, int size, int largestRatio, ref byte[] buffer)
    {
        if (size > (long)input.Count * largestRatio) throw DamagedException.Compression($"{input.Count} bytes cannot hold {size}");
        if (buffer.Length < size) buffer = GC.AllocateUninitializedArray<byte>(size);
        return buffer.AsSpan(0, size);
    }

    private static int Grow(Action<ArraySegment<byte>, OutputBuffer> inflate, ArraySegment<byte> input, int size, ref byte[] buffer)
    {
        long first = Math.Min(size, Math.Max(FirstSize, (long)FirstRatio * input.Count));
        if (buffer.Length < first) buffer = GC.AllocateUninitializedArray<byte>((int)first);
        var output = new OutputBuffer(buffer, size);
        inflate(input, output);
        buffer = output.Bytes;
        return output.Length;
    }

    private static int DecodeSnappy(ReadOnlySpan<byte> input, Span<byte> output)
    {
        int claimed = Snappy.GetUncompressedLength(input);
        if (claimed != output.Length)
            throw DamagedException.Compression($"Snappy holds {claimed} bytes, the page header says {output.Length}");
        return Snappy.Decompress(input, output);
    }

    private static int DecodeLz4(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (output.Length == 0 && input is [0]) return 0; // what LZ4 makes of no bytes
        int written = LZ4Codec.Decode(input, output);
        return written >= 0 ? written : throw DamagedException.Compression("LZ4 is damaged, or holds more than the page header says");
    }

    /// <summary>
    /// The deprecated codec: blocks with their two lengths in front as Hadoop has them, or a bare block as some writers put there.
    /// </summary>
    private static int DecodeHadoop(ReadOnlySpan<byte> input, Span<byte> output)
    {
        if (!IsHadoop(input, output.Length)) return DecodeLz4(input, output);
        int written = 0;
        while (input.Length > 0)
        {
            (int size, int compressed) = HadoopLengths(input);
            int done = DecodeLz4(input.Slice(HadoopHeader, compressed), output.Slice(written, size));
            if (done != size) throw DamagedException.Compression($"an LZ4 block ends after {done} bytes of {size}");
            written += done;
            input = input[(HadoopHeader + compressed)..];
        }

        return written;
    }

    private static bool IsHadoop(ReadOnlySpan<byte> input, int expected)
    {
        long total = 0;
        while (input.Length >= HadoopHeader)
        {
            (int size, int compressed) = HadoopLengths(input);
            if (size < 0 || compressed < 0 || compressed > input.Length - HadoopHeader) return false;
            total += size;
            input = input[(HadoopHeader + compressed)..];
        }

        return input.Length == 0 && total == expected;
    }

    private static (int Size, int Compressed) HadoopLengths(ReadOnlySpan<byte> input) =>
        (BinaryPrimitives.ReadInt32BigEndian(input), BinaryPrimitives.ReadInt32BigEndian(input[sizeof(int)..]));

    private static void InflateGzip(ArraySegment<byte> input, OutputBuffer output)
    {
        using var memory = new MemoryStream(input.Array!, input.Offset, input.Count, writable: false);
        // zlib's format has a header of its own, which a few writers put in place of gzip's.
        bool isGzip = input is [0x1F, 0x8B, ..];
        bool isZlib = input is [_, _, ..] && (input[0] & 0x0F) == 8 && ((input[0] << 8) | input[1]) % 31 == 0;
        if (!isGzip && !isZlib) throw DamagedException.Compression("the page is not gzip");
        using Stream stream = isGzip
            ? new GZipStream(memory, CompressionMode.Decompress)
            : new ZLibStream(memory, CompressionMode.Decompress);
        while (output.Remaining > 0)
        {
            int read = stream.Read(NextRoom(output));
            if (read == 0) return;
            output.Advance(read);
        }

        // One more read sees the checksum at the end, or data too many.
        if (stream.ReadByte() >= 0) throw DamagedException.Compression($"gzip holds more than {output.Length} bytes");
    }

    private static void InflateBrotli(ArraySegment<byte> input, OutputBuffer output)
    {
        using var decoder = new BrotliDecoder();
        ReadOnlySpan<byte> rest = input;
        Span<byte> beyond = stackalloc byte[1];
        while (true)
        {
            Span<byte> room = output.Remaining > 0 ? NextRoom(output) : beyond;
            OperationStatus status = decoder.Decompress(rest, room, out int consumed, out int written);
            if (written > output.Remaining) throw DamagedException.Compression($"Brotli holds more than {output.Length} bytes");
            rest = rest[consumed..];
            output.Advance(written);
            if (status == OperationStatus.Done) return;
            if (status == OperationStatus.InvalidData) throw DamagedException.Compression("the page is not Brotli, or damaged");
            if (status == OperationStatus.NeedMoreData) throw DamagedException.Compression("Brotli ends too early");
        }
    }

    private static void InflateZstandard(ArraySegment<byte> input, OutputBuffer output)
    {
        using var decoder = new Decompressor();
        decoder.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, ZstandardWindowLog);
        ReadOnlySpan<byte> rest = input;
        Span<byte> beyond = stackalloc byte[1];
        while (true)
        {
            Span<byte> room = output.Remaining > 0 ? NextRoom(output) : beyond;
            OperationStatus status = decoder.UnwrapStream(rest, room, out int consumed, out int written);
            if (written > output.Remaining) throw DamagedException.Compression($"Zstandard holds more than {output.Length} bytes");
            rest = rest[consumed..];
            output.Advance(written);
            if (status == OperationStatus.InvalidData) throw DamagedException.Compression("the page is not Zstandard, or damaged");
            if (status == OperationStatus.DestinationTooSmall || rest.Length > 0) continue;
            if (status == OperationStatus.Done) return;
            throw DamagedException.Compression("Zstandard ends too early");
        }
    }

    // Where it is full, the two decoders above are given a byte beyond: without room they would not look at what remains of their input.
    private static Span<byte> NextRoom(OutputBuffer output) =>
        output.Room(Math.Min(output.Remaining, Math.Max(FirstSize, output.Bytes.Length - output.Length)));
}

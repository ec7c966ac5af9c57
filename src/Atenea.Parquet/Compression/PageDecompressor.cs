using System.IO.Compression;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Decompresses pages. An instance belongs to one column of one row group.</summary>
/// <param name="codec">The codec's number.</param>
internal sealed class PageDecompressor(int codec)
{
    // Where a codec has no bound for its ratio, the buffer starts at this many times the input and grows with what is really there.
    private const int FirstRatio = 16;
    private const int FirstSize = 4096;

    private ZstandardDecoder? _zstandard;

    /// <summary>Whether pages are stored as they are.</summary>
    public bool IsPassThrough => codec == (int)CompressionCodec.Uncompressed;

    /// <summary>Checks that a codec is one that can be read.</summary>
    /// <exception cref="DamagedException">It is not (ATN0428).</exception>
    public static void Check(int codec)
    {
        if (codec == (int)CompressionCodec.Lzo) throw new DamagedException(Catalogue.ParquetCodecUnsupported, "LZO");
        if (codec is < 0 or > (int)CompressionCodec.Lz4Raw)
            throw new DamagedException(Catalogue.ParquetCodecUnsupported, $"codec number {codec}, which does not exist");
    }

    /// <summary>Decompresses a page.</summary>
    /// <param name="input">The compressed bytes; not of a column that <see cref="IsPassThrough"/>.</param>
    /// <param name="size">The bytes that the page header promises.</param>
    /// <param name="buffer">Receives them, from its start on; replaced if it is too small.</param>
    /// <exception cref="DamagedException">The bytes are damaged or not of that size (ATN0430).</exception>
    public void Decompress(ArraySegment<byte> input, int size, ref byte[] buffer)
    {
        switch ((CompressionCodec)codec)
        {
            case CompressionCodec.Snappy:
                SnappyDecoder.Decompress(input, size, ref buffer);
                return;
            case CompressionCodec.Lz4Raw:
                Lz4Decoder.Decompress(input, size, ref buffer);
                return;
            case CompressionCodec.Lz4:
                Lz4Decoder.DecompressHadoop(input, size, ref buffer);
                return;
        }

        long first = Math.Min(size, Math.Max(FirstSize, (long)FirstRatio * input.Count));
        if (buffer.Length < first) buffer = GC.AllocateUninitializedArray<byte>((int)first);
        var output = new OutputBuffer(buffer, size);
        switch ((CompressionCodec)codec)
        {
            case CompressionCodec.Gzip:
                InflateGzip(input, output);
                break;
            case CompressionCodec.Brotli:
                InflateBrotli(input, output);
                break;
            default:
                (_zstandard ??= new ZstandardDecoder()).Decompress(input, output);
                break;
        }

        if (output.Remaining > 0) throw DamagedException.Compression($"it ends after {output.Length} bytes of {size}");
        buffer = output.Bytes;
    }

    private static void InflateGzip(ArraySegment<byte> input, OutputBuffer output)
    {
        using var memory = new MemoryStream(input.Array!, input.Offset, input.Count, writable: false);
        // zlib's format has a header of its own, which a few writers put in place of gzip's.
        bool isGzip = input is [0x1F, 0x8B, ..];
        bool isZlib = input is [_, _, ..] && (input[0] & 0x0F) == 8 && ((input[0] << 8) | input[1]) % 31 == 0;
        if (!isGzip && !isZlib) throw DamagedException.Compression("the page is not gzip");
        using Stream stream = isGzip ? new GZipStream(memory, CompressionMode.Decompress) : new ZLibStream(memory, CompressionMode.Decompress);
        try
        {
            while (output.Remaining > 0)
            {
                int read = stream.Read(output.Room(Math.Min(output.Remaining, Math.Max(FirstSize, output.Bytes.Length - output.Length))));
                if (read == 0) return;
                output.Advance(read);
            }
            // One more read sees the checksum at the end, or data too many.
            if (stream.ReadByte() >= 0) throw DamagedException.Compression($"gzip holds more than {output.Length} bytes");
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw DamagedException.Compression(e.Message, e);
        }
    }

    private static void InflateBrotli(ArraySegment<byte> input, OutputBuffer output)
    {
        using var decoder = new BrotliDecoder();
        ReadOnlySpan<byte> rest = input;
        while (true)
        {
            Span<byte> room = output.Room(Math.Min(output.Remaining, Math.Max(FirstSize, output.Bytes.Length - output.Length)));
            var status = decoder.Decompress(rest, room, out int consumed, out int written);
            rest = rest[consumed..];
            output.Advance(written);
            if (status == System.Buffers.OperationStatus.Done) return;
            if (status == System.Buffers.OperationStatus.InvalidData) throw DamagedException.Compression("the page is not Brotli, or damaged");
            if (status == System.Buffers.OperationStatus.NeedMoreData) throw DamagedException.Compression("Brotli ends too early");
            if (output.Remaining == 0) throw DamagedException.Compression($"Brotli holds more than {output.Length} bytes");
        }
    }
}

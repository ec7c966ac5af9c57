using System.IO.Compression;
using CsCheck;
using K4os.Compression.LZ4;
using Snappier;
using ZstdSharp;

namespace Atenea.Parquet.Tests;

/// <summary>Whatever bytes a compressor takes come back, in one piece and within the size that was promised.</summary>
public class RoundTripTests
{
    // Bytes of nothing in common, and stretches that repeat, which copies from near and far are made of.
    private static readonly Gen<byte[]> Pages = Gen.OneOf(
        Gen.Byte.Array[0, 2000],
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 300]).Array[0, 8].Select(
            stretches => stretches.SelectMany(s => Enumerable.Repeat(s.Item1, s.Item2).SelectMany(bytes => bytes)).ToArray()));

    [Theory]
    [InlineData((int)CompressionCodec.Snappy)]
    [InlineData((int)CompressionCodec.Gzip)]
    [InlineData((int)CompressionCodec.Brotli)]
    [InlineData((int)CompressionCodec.Zstandard)]
    [InlineData((int)CompressionCodec.Lz4)]
    [InlineData((int)CompressionCodec.Lz4Raw)]
    public void What_was_compressed_comes_back(int codec) => Pages.Sample(page =>
    {
        byte[] buffer = [];
        PageDecompressor.Decompress((CompressionCodec)codec, Compress((CompressionCodec)codec, page), page.Length, ref buffer);
        return buffer.AsSpan(0, page.Length).SequenceEqual(page);
    });

    private static byte[] Compress(CompressionCodec codec, byte[] page)
    {
        switch (codec)
        {
            case CompressionCodec.Snappy:
                return Snappy.CompressToArray(page);
            case CompressionCodec.Zstandard:
                using (var compressor = new Compressor()) return compressor.Wrap(page).ToArray();
            case CompressionCodec.Lz4 or CompressionCodec.Lz4Raw:
                if (page.Length == 0) return [0];
                var block = new byte[LZ4Codec.MaximumOutputSize(page.Length)];
                return block[..LZ4Codec.Encode(page, block)];
            case CompressionCodec.Gzip when page.Length == 0:
                return [0x78, 0x9C, 3, 0, 0, 0, 0, 1]; // of no bytes .NET's stream makes none
            default:
                using (var memory = new MemoryStream())
                {
                    using (Stream stream = codec == CompressionCodec.Gzip
                        ? new GZipStream(memory, CompressionLevel.Fastest, leaveOpen: true)
                        : new BrotliStream(memory, CompressionLevel.Fastest, leaveOpen: true))
                    {
                        stream.Write(page);
                    }

                    return memory.ToArray();
                }
        }
    }
}

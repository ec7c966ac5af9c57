using System.IO.Compression;
using Atenea.Errors;

namespace Atenea.Parquet.Tests;

/// <summary>The decompressors against what the tools of their formats made (zstd 1.5.4, lz4 1.9.4) and against hand-made streams.</summary>
public class DecompressorTests
{
    [Theory]
    [InlineData("ner-1.zst", "huggingface_ner.jsonl")]
    [InlineData("ner-19.zst", "huggingface_ner.jsonl")]
    [InlineData("numbers-3.zst", "encoding_delta_binary_packed.jsonl")]
    [InlineData("long-22.zst", "layout_long_text.jsonl")]
    [InlineData("strings-fast5.zst", "encoding_strings.jsonl")]
    public void Zstandard_frames_of_every_level(string compressed, string original) =>
        Assert.Equal(Original(original), Decompress(CompressionCodec.Zstandard, Fixture(compressed), Original(original).Length));

    [Fact]
    public void Zstandard_frames_follow_each_other_and_some_are_skipped()
    {
        byte[] skipped = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        byte[] once = Original("huggingface_ner.jsonl");
        byte[] frames = [.. Fixture("ner-1.zst"), .. skipped, .. Fixture("ner-19.zst")];
        Assert.Equal([.. once, .. once], Decompress(CompressionCodec.Zstandard, frames, 2 * once.Length));
    }

    [Fact]
    public void Zstandard_that_goes_on_is_refused()
    {
        byte[] once = Fixture("ner-1.zst");
        int size = Original("huggingface_ner.jsonl").Length;
        byte[] skipped = [0x5A, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 1, 2, 3];
        Assert.Equal(size, Decompress(CompressionCodec.Zstandard, [.. once, .. skipped], size).Length);
        Refused(CompressionCodec.Zstandard, [.. once, .. skipped[..^1]], size);
        Refused(CompressionCodec.Zstandard, [.. once, 1, 2, 3], size);
        Refused(CompressionCodec.Zstandard, [.. once, .. once], size);
        Refused(CompressionCodec.Zstandard, once, size - 1);
        Refused(CompressionCodec.Zstandard, once, size + 1);
        Refused(CompressionCodec.Zstandard, once[..^1], size);
    }

    [Fact]
    public void Zstandard_takes_no_window_that_its_bytes_do_not_need()
    {
        // A frame whose size is not given, of one raw block of three bytes, with a window of 2^(10 + exponent).
        static byte[] Frame(int exponent) => [0x28, 0xB5, 0x2F, 0xFD, 0, (byte)(exponent << 3), 3 << 3 | 1, 0, 0, 1, 2, 3];
        Assert.Equal([1, 2, 3], Decompress(CompressionCodec.Zstandard, Frame(16), 3));
        Refused(CompressionCodec.Zstandard, Frame(17), 3);
    }

    [Fact]
    public void Pages_of_no_bytes_in_every_codec()
    {
        Assert.Empty(Decompress(CompressionCodec.Snappy, [0], 0));
        Assert.Empty(Decompress(CompressionCodec.Lz4Raw, [0], 0));
        Assert.Empty(Decompress(CompressionCodec.Lz4, [0], 0));
        Assert.Empty(Decompress(CompressionCodec.Lz4, [0, 0, 0, 0, 0, 0, 0, 1, 0], 0));
        Assert.Empty(Decompress(CompressionCodec.Brotli, [0x3B], 0));
        Assert.Empty(Decompress(CompressionCodec.Zstandard, [0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 1, 0, 0], 0));
        Assert.Empty(Decompress(CompressionCodec.Gzip, [0x78, 0x9C, 3, 0, 0, 0, 0, 1], 0));
    }

    [Fact]
    public void Zstandard_checks_its_checksum()
    {
        byte[] compressed = Fixture("ner-1.zst");
        compressed[^1] ^= 1;
        Refused(CompressionCodec.Zstandard, compressed, Original("huggingface_ner.jsonl").Length);
    }

    [Theory]
    [InlineData("ner-1.lz4", "huggingface_ner.jsonl")]
    [InlineData("ner-9.lz4", "huggingface_ner.jsonl")]
    [InlineData("long-1.lz4", "layout_long_text.jsonl")]
    [InlineData("long-9.lz4", "layout_long_text.jsonl")]
    public void Lz4_blocks_bare_and_in_the_framing_of_hadoop(string compressed, string original)
    {
        byte[] block = Fixture(compressed), expected = Original(original);
        Assert.Equal(expected, Decompress(CompressionCodec.Lz4Raw, block, expected.Length));
        Assert.Equal(expected, Decompress(CompressionCodec.Lz4, block, expected.Length));
        byte[] framed = [.. BigEndian(expected.Length), .. BigEndian(block.Length), .. block];
        Assert.Equal(expected, Decompress(CompressionCodec.Lz4, framed, expected.Length));
        byte[] twice = [.. framed, .. framed];
        Assert.Equal([.. expected, .. expected], Decompress(CompressionCodec.Lz4, twice, 2 * expected.Length));
    }

    [Fact]
    public void Snappy_elements_of_every_form()
    {
        byte[] literal = [.. Enumerable.Range(0, 300).Select(i => (byte)(i * 7))];
        byte[] stream =
        [
            .. Varint(300 + 11 + 64 + 5 + 1),
            61 << 2, 0x2B, 0x01, .. literal, // a literal whose length takes two bytes
            (7 << 2) | 1 | (1 << 5), 0x2C, // a copy of 11 from 300 back, one byte of offset
            (63 << 2) | 2, 1, 0, // a copy of 64 from 1 back: the last byte again and again
            (4 << 2) | 3, 0x37, 1, 0, 0, // a copy of 5 from 311 back, four bytes of offset
            0 << 2, 0xFF, // a literal of one byte
        ];
        byte[] copied = literal[..11];
        byte[] expected = [.. literal, .. copied, .. Enumerable.Repeat(copied[10], 64)];
        expected = [.. expected, .. expected[(375 - 311)..(375 - 311 + 5)], 0xFF];
        Assert.Equal(expected, Decompress(CompressionCodec.Snappy, stream, expected.Length));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gzip_and_zlib_headers(bool isZlib)
    {
        byte[] original = Original("huggingface_ner.jsonl");
        using var memory = new MemoryStream();
        using (Stream stream = isZlib
            ? new ZLibStream(memory, CompressionLevel.Fastest, true)
            : new GZipStream(memory, CompressionLevel.Fastest, true))
            stream.Write(original);
        Assert.Equal(original, Decompress(CompressionCodec.Gzip, memory.ToArray(), original.Length));
        Refused(CompressionCodec.Gzip, memory.ToArray()[..^9], original.Length);
        Refused(CompressionCodec.Gzip, memory.ToArray(), original.Length - 1);
        Refused(CompressionCodec.Gzip, memory.ToArray(), original.Length + 1);
    }

    [Fact]
    public void Brotli_of_a_wrong_length_is_refused()
    {
        byte[] original = Original("huggingface_ner.jsonl"), compressed = new byte[original.Length];
        Assert.True(BrotliEncoder.TryCompress(original, compressed, out int length, 5, 18));
        Assert.Equal(original, Decompress(CompressionCodec.Brotli, compressed[..length], original.Length));
        Refused(CompressionCodec.Brotli, compressed[..length], original.Length - 1);
        Refused(CompressionCodec.Brotli, compressed[..length], original.Length + 1);
        Refused(CompressionCodec.Brotli, compressed[..(length / 2)], original.Length);
    }

    [Theory]
    [InlineData("ner-1.zst", (int)CompressionCodec.Zstandard)]
    [InlineData("ner-19.zst", (int)CompressionCodec.Zstandard)]
    [InlineData("numbers-3.zst", (int)CompressionCodec.Zstandard)]
    [InlineData("long-22.zst", (int)CompressionCodec.Zstandard)]
    [InlineData("ner-1.lz4", (int)CompressionCodec.Lz4Raw)]
    [InlineData("long-9.lz4", (int)CompressionCodec.Lz4)]
    public void Damage_gives_bytes_or_an_error(string name, int codec)
    {
        byte[] original = Fixture(name);
        for (int round = 0; round < 2000; round++)
        {
            var random = new Random(round);
            byte[] damaged = round % 2 == 0 ? Mutations.Flip(original, random) : Mutations.Splice(original, random);
            byte[] buffer = [];
            try
            {
                PageDecompressor.Decompress((CompressionCodec)codec, damaged, 300_000, ref buffer);
            }
            catch (DamagedException e)
            {
                Assert.Equal(Catalogue.ParquetCompressionDamaged, e.Code);
            }
        }
    }

    [Theory]
    [InlineData((int)CompressionCodec.Snappy)]
    [InlineData((int)CompressionCodec.Gzip)]
    [InlineData((int)CompressionCodec.Brotli)]
    [InlineData((int)CompressionCodec.Lz4)]
    [InlineData((int)CompressionCodec.Zstandard)]
    [InlineData((int)CompressionCodec.Lz4Raw)]
    public void A_promise_of_two_gigabytes_costs_nothing(int codec)
    {
        byte[] input = codec switch
        {
            (int)CompressionCodec.Zstandard => Fixture("ner-1.zst"),
            (int)CompressionCodec.Lz4 or (int)CompressionCodec.Lz4Raw => Fixture("ner-1.lz4"),
            (int)CompressionCodec.Snappy => [.. Varint(int.MaxValue), 0, 1],
            _ => [.. Enumerable.Repeat((byte)0x78, 100)],
        };
        long before = GC.GetAllocatedBytesForCurrentThread();
        Refused((CompressionCodec)codec, input, int.MaxValue);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
    }

    private static byte[] Decompress(CompressionCodec codec, byte[] input, int size)
    {
        byte[] buffer = [];
        PageDecompressor.Decompress(codec, input, size, ref buffer);
        return buffer[..size];
    }

    private static void Refused(CompressionCodec codec, byte[] input, int size)
    {
        byte[] buffer = [];
        DamagedException error = Assert.Throws<DamagedException>(() => PageDecompressor.Decompress(codec, input, size, ref buffer));
        Assert.Equal(Catalogue.ParquetCompressionDamaged, error.Code);
    }

    private static byte[] Fixture(string name) => File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", "Compression", name));

    private static byte[] Original(string name) => File.ReadAllBytes(GoldenFiles.PathOf("expected/" + name));

    private static byte[] BigEndian(int value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static byte[] Varint(uint value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7) bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }
}

using System.IO.Compression;
using System.Text;
using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>Bytes that nobody meant: every reader ends, soon, with rows or a coded error, and without huge allocations.</summary>
public class FuzzTests
{
    private const long MostAllocated = 64L << 20;

    private static readonly string[] Pieces =
    [
        "a", "b,", "\"", "\"\"", "\n", "\r\n", "\r", "\t", ";", "|", "{\"text\": \"x\"}", "{\"", "[", "]", "}", ":", "null", "NaN", "1.5",
        "\\\"", "\\ud800", "é", "ñ", "\u0000", "\uFEFF", "tok B-PER\n", "tok\tI-LOC\n", "-DOCSTART- O\n", "\n\n",
        "1\t\"the <e1>a</e1> and <e2>b</e2>\"\n", "Cause-Effect(e1,e2)\n", "sep=;\n", "text,label\n", "日本",
    ];

    [Theory]
    [InlineData(".csv", 1)]
    [InlineData(".tsv", 2)]
    [InlineData(".json", 3)]
    [InlineData(".jsonl", 4)]
    [InlineData(".conll", 5)]
    [InlineData(".txt", 6)]
    [InlineData(".csv.gz", 7)]
    [InlineData(".parquet", 8)]
    public void Random_bytes_give_rows_or_a_coded_error(string extension, int seed)
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "fuzz" + extension);
        var random = new Random(seed);
        for (int round = 0; round < 400; round++)
        {
            byte[] bytes = Make(random);
            if (extension.EndsWith(".gz", StringComparison.Ordinal) && random.Next(2) == 0) bytes = Pack(bytes, random);
            File.WriteAllBytes(path, bytes);
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (DataFormat? format in new DataFormat?[] { null, DataFormat.JsonColumns, DataFormat.Relations, DataFormat.Paragraphs })
                ReadAll(path, new ReadOptions { Format = format });
            CheckEnds(path);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostAllocated);
        }
    }

    [Fact]
    public void A_quote_that_is_never_closed_does_not_fill_the_memory()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "open.csv");
        using (var file = new StreamWriter(path))
        {
            file.Write("text,label\n\"");
            for (int i = 0; i < 100; i++) file.Write(new string('x', 1 << 20));
        }

        AteneaException error = Assert.Throws<AteneaException>(() => Dataset.Read(path));
        Assert.Equal("ATN0202", error.Code.Id);
    }

    [Fact]
    public void A_gzip_file_is_read_as_its_content_and_a_cut_one_is_refused()
    {
        using var folder = new TemporaryFolder();
        string path = Path.Combine(folder.Path, "a.csv.gz");
        byte[] packed = Pack(File.ReadAllBytes(Repository.Data("bad", "good.csv")), null);
        File.WriteAllBytes(path, packed);
        Assert.Equal(24, Dataset.Read(path).Count);
        File.WriteAllBytes(path, packed[..(packed.Length / 2)]);
        Assert.StartsWith("ATN02", Assert.Throws<AteneaException>(() => Dataset.Read(path)).Code.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void A_character_that_a_chunk_cuts_is_read_whole()
    {
        using var folder = new TemporaryFolder();
        for (int shift = 0; shift < 4; shift++)
        {
            string text = new string('a', 65_530 + shift) + "日本語 ñ 😀 end";
            Assert.Equal(text, Dataset.Read(folder.Write("a.txt", text + "\n")).Column("text")[0]);
            string latin = Path.Combine(folder.Path, "b.txt");
            File.WriteAllBytes(latin, Encoding.Latin1.GetBytes(new string('a', 65_530 + shift) + "ñandú\0 café\n"));
            Assert.Equal(new string('a', 65_530 + shift) + "ñandú café", Dataset.Read(latin).Column("text")[0]);
        }
    }

    private static void ReadAll(string path, ReadOptions options)
    {
        try
        {
            Dataset data = Dataset.Read(path, options: options);
            Assert.All(data.Columns, column => Assert.Equal(data.Count, data.Column(column).Count));
        }
        catch (AteneaException error)
        {
            Assert.StartsWith("ATN0", error.Code.Id, StringComparison.Ordinal);
        }
    }

    private static void CheckEnds(string path)
    {
        FileCheckReport report = DataCheck.Run([CheckInput.FromFile(path)], new DataCheckOptions()).Files[0];
        Assert.True(report.RowsRead > 0 || report.Outcome == CheckOutcome.Reject);
    }

    private static byte[] Make(Random random)
    {
        int pieces = random.Next(0, 60);
        if (random.Next(4) == 0)
        {
            var noise = new byte[pieces];
            random.NextBytes(noise);
            return noise;
        }

        var text = new StringBuilder();
        for (int i = 0; i < pieces; i++) text.Append(Pieces[random.Next(Pieces.Length)]);
        byte[] bytes = random.Next(8) switch
        {
            0 => Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes(text.ToString())).ToArray(),
            1 => Encoding.Latin1.GetBytes(text.ToString()),
            _ => Encoding.UTF8.GetBytes(text.ToString()),
        };
        if (bytes.Length > 0 && random.Next(3) == 0) bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
        return bytes;
    }

    private static byte[] Pack(byte[] bytes, Random? random)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(bytes);
        byte[] result = packed.ToArray();
        if (random?.Next(2) == 0) result = result[..random.Next(result.Length)];
        return result;
    }
}

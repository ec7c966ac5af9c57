using System.Text;
using Atenea.Errors;

namespace Atenea.Parquet.Tests;

/// <summary>Files that pyarrow and the datasets library wrote: every row must come out, and every damaged file must be refused.</summary>
public class GoldenTests
{
    public static TheoryData<string> Good => [.. GoldenFiles.All.Where(g => g.Expect == "ok").Select(g => g.File)];

    public static TheoryData<string> Bad => [.. GoldenFiles.All.Where(g => g.Expect != "ok").Select(g => g.File)];

    [Theory(SkipTestWithoutData = true)]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(Good))]
    public void Rows_are_those_expected_byte_for_byte(string name)
    {
        string expected = GoldenFiles.PathOf(GoldenFiles.All.Single(g => g.File == name).Expected!);
        using ParquetFile file = ParquetFile.Open(GoldenFiles.PathOf(name));
        using var output = new MemoryStream();
        long rows = JsonLines.Write(file, output);
        Assert.Equal(File.ReadAllText(expected), Encoding.UTF8.GetString(output.ToArray()));
        Assert.Equal(File.ReadLines(expected).LongCount(), rows);
        Assert.Equal(rows, file.RowCount);
    }

    [Theory(SkipTestWithoutData = true)]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(Good))]
    public void The_schema_is_the_one_that_was_written(string name)
    {
        Golden golden = GoldenFiles.All.Single(g => g.File == name);
        using ParquetFile file = ParquetFile.Open(GoldenFiles.PathOf(name));
        Assert.Equal(
            golden.Schema.Select(c => (c.Name, AsStored(c.Type), c.IsNullable)),
            file.Fields.Select(f => (f.Name, f.TypeName, f.IsNullable)));
    }

    [Theory(SkipTestWithoutData = true)]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(Bad))]
    public void Damaged_files_are_refused_with_a_code_and_little_memory(string name)
    {
        string path = GoldenFiles.PathOf(name);
        long before = GC.GetAllocatedBytesForCurrentThread();
        AteneaException error = Assert.Throws<AteneaException>(() => ReadAll(path));
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.StartsWith("ATN04", error.Code.Id, StringComparison.Ordinal);
        Assert.Equal(ErrorCode.BadInput, error.Code.ExitCode);
        Assert.Contains(path, error.Where, StringComparison.Ordinal);
        Assert.InRange(allocated, 0, 8 << 20);
    }

    [Theory]
    [InlineData("bad/lfs_pointer.parquet", "Git LFS")]
    [InlineData("bad/html_page.parquet", "HTML")]
    [InlineData("bad/gzipped.parquet", "gzip")]
    [InlineData("bad/arrow_ipc.parquet", "Arrow")]
    [InlineData("bad/encrypted_footer_magic.parquet", "encrypted")]
    [InlineData("bad/codec_unknown.parquet", "42")]
    [InlineData("bad/codec_lzo.parquet", "LZO")]
    [InlineData("bad/page_encoding_unknown.parquet", "42")]
    [InlineData("bad/dictionary_bit_width_77.parquet", "77")]
    [InlineData("bad/invalid_utf8.parquet", "row 0")]
    [InlineData("bad/string_length_2gb.parquet", "2147483647")]
    [InlineData("bad/page_values_wrong.parquet", "63")]
    public void Messages_name_what_was_found(string name, string word)
    {
        AteneaException error = Assert.Throws<AteneaException>(() => ReadAll(GoldenFiles.PathOf(name)));
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_are_read_alone_and_in_the_order_asked_for()
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.PathOf("layout/row_groups_7_v2.parquet"));
        List<string> rows = [];
        foreach (ParquetBatch batch in file.ReadBatches(["label", "text"]))
        {
            Assert.Equal(["label", "text"], batch.Columns.Select(c => c.Field.Name));
            Assert.Equal(rows.Count, batch.FirstRow);
            var labels = (ValueVector<long>)batch.Columns[0];
            var texts = (BytesVector)batch.Columns[1];
            for (int i = 0; i < batch.RowCount; i++) rows.Add($"{labels.Values[i]} {texts.GetString(i)}");
        }

        Assert.Equal(60, rows.Count);
        Assert.Equal("0 Great food and fast delivery.", rows[0]);
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7, 4], file.RowGroups);
    }

    [Fact]
    public void Unknown_and_ambiguous_columns_are_refused_at_once()
    {
        using ParquetFile file = ParquetFile.Open(GoldenFiles.PathOf("codec/snappy_dict_v1.parquet"));
        AteneaException error = Assert.Throws<AteneaException>(() => file.ReadBatches(["texts"]));
        Assert.Equal(Catalogue.ColumnMissing, error.Code);
        Assert.Contains("'text'", error.Message, StringComparison.Ordinal);
        using ParquetFile twice = ParquetFile.Open(GoldenFiles.PathOf("layout/duplicate_names.parquet"));
        string name = twice.Fields.GroupBy(f => f.Name).First(g => g.Count() > 1).Key;
        Assert.Equal(Catalogue.ParquetColumnAmbiguous, Assert.Throws<AteneaException>(() => twice.ReadBatches([name])).Code);
    }

    [Fact]
    public void Missing_files_and_folders_are_named()
    {
        Assert.Equal(Catalogue.FileMissing, Assert.Throws<AteneaException>(() => ParquetFile.Open("no-such.parquet")).Code);
        Assert.Equal(Catalogue.FileUnreadable, Assert.Throws<AteneaException>(() => ParquetFile.Open(GoldenFiles.Folder)).Code);
    }

    // The manifest has Arrow's types, of which the file keeps less: 32-bit offsets, dictionaries and list lengths are not stored.
    private static string AsStored(string type)
    {
        if (type.StartsWith("dictionary<values=", StringComparison.Ordinal)) type = type["dictionary<values=".Length..].Split(',')[0];
        if (type.StartsWith("fixed_size_list<", StringComparison.Ordinal)) type = type[11..].Split('[')[0];
        if (type.StartsWith("timestamp[s", StringComparison.Ordinal)) type = type.Replace("[s", "[ms", StringComparison.Ordinal);
        return type.Replace("large_", "", StringComparison.Ordinal).Replace("Europe/Madrid", "UTC", StringComparison.Ordinal);
    }

    internal static void ReadAll(string path)
    {
        using ParquetFile file = ParquetFile.Open(path);
        JsonLines.Write(file, Stream.Null);
    }
}

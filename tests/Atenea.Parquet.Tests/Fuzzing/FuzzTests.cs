using Atenea.Errors;

namespace Atenea.Parquet.Tests;

/// <summary>
/// Damaged files of every kind the goldens have: whatever happens to the bytes, the reader gives rows or a coded error, within bounds of
/// memory and time that depend on the file's size alone.
/// </summary>
public class FuzzTests
{
    // What a file of up to 15 kB may cost at most: a batch of rows, and pages that compress well.
    private const long MostBytes = 16L << 20;

    public static TheoryData<string> Files =>
    [
        .. GoldenFiles.All.Where(g => g.Expect == "ok" && new FileInfo(GoldenFiles.PathOf(g.File)).Length < 15_000).Select(g => g.File),
    ];

    public static TheoryData<string> Tiny =>
    [
        "layout/one_row.parquet", "types/bool_rle_v2.parquet", "encoding/lists_delta_v2.parquet", "types/int96_timestamps.parquet",
        "codec/zstd_plain_v2.parquet", "types/structs_v2.parquet",
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Damage_gives_rows_or_a_coded_error(string file) => Fuzz(file, 60);

    [Theory]
    [Trait("Category", "Slow")]
    [MemberData(nameof(Files))]
    public void Much_damage_gives_rows_or_a_coded_error(string file) => Fuzz(file, 2000);

    [Theory]
    [MemberData(nameof(Tiny))]
    public void A_file_cut_anywhere_is_refused(string file)
    {
        byte[] original = File.ReadAllBytes(GoldenFiles.PathOf(file));
        for (int length = 0; length < original.Length; length++)
        {
            byte[] cut = original[..length];
            AteneaException error = Assert.Throws<AteneaException>(() => ReadAll(cut));
            Assert.StartsWith("ATN04", error.Code.Id, StringComparison.Ordinal);
        }
    }

    private void Fuzz(string file, int rounds)
    {
        byte[] original = File.ReadAllBytes(GoldenFiles.PathOf(file));
        int seed = file.Aggregate(17, (hash, c) => unchecked(hash * 31 + c));
        for (int round = 0; round < rounds; round++)
        {
            var random = new Random(seed + round);
            byte[] damaged = round % 2 == 0 ? Mutations.Flip(original, random) : Mutations.Splice(original, random);
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                ReadAll(damaged);
            }
            catch (AteneaException error)
            {
                Assert.StartsWith("ATN04", error.Code.Id, StringComparison.Ordinal);
            }
            catch (Exception error)
            {
                Assert.Fail($"{file}, round {round}: {error}");
            }

            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            Assert.True(allocated < MostBytes, $"{file}, round {round}: {allocated} bytes");
        }
    }

    private static void ReadAll(byte[] content)
    {
        using ParquetFile file = ParquetFile.Open("fuzzed", content);
        JsonLines.Write(file, Stream.Null);
    }
}

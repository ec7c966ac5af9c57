using System.Buffers.Binary;
using static Atenea.Parquet.Tests.FileBuilder;

namespace Atenea.Parquet.Tests;

/// <summary>Files larger than the memory that reading them takes.</summary>
public class StreamingTests
{
    private const int TextBytes = 200;
    private const int RowsPerGroup = 20_000;

    [Theory]
    [InlineData(16)]
    [InlineData(500)] // 2.1 GB
    [Trait("Category", "Slow")]
    public void Memory_depends_on_the_pages_and_not_on_the_file(int groups)
    {
        string path = Path.Combine(Path.GetTempPath(), $"atenea-large-{Guid.NewGuid():N}.parquet");
        try
        {
            Write(path, groups);
            long rows = 0, sum = 0, most = 0;
            using (ParquetFile file = ParquetFile.Open(path))
            {
                Assert.Equal((long)groups * RowsPerGroup, file.RowCount);
                long before = GC.GetTotalMemory(forceFullCollection: true);
                foreach (ParquetBatch batch in file.ReadBatches())
                {
                    var texts = (BytesVector)batch.Columns[0];
                    foreach (long number in ((ValueVector<long>)batch.Columns[1]).Values) sum += number;
                    Assert.Equal(TextBytes, texts.GetBytes(batch.RowCount - 1).Length);
                    rows += batch.RowCount;
                    most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: false) - before);
                }
            }

            Assert.Equal((long)groups * RowsPerGroup, rows);
            Assert.Equal((long)groups * RowsPerGroup * (RowsPerGroup - 1) / 2, sum);
            Assert.InRange(most, 0, 200 << 20);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Write(string path, int groups)
    {
        var texts = new byte[RowsPerGroup * (sizeof(int) + TextBytes)];
        var numbers = new byte[RowsPerGroup * sizeof(long)];
        for (int i = 0; i < RowsPerGroup; i++)
        {
            Span<byte> text = texts.AsSpan(i * (sizeof(int) + TextBytes));
            BinaryPrimitives.WriteInt32LittleEndian(text, TextBytes);
            text.Slice(sizeof(int), TextBytes).Fill((byte)('a' + i % 26));
            BinaryPrimitives.WriteInt64LittleEndian(numbers.AsSpan(i * sizeof(long)), i);
        }

        using FileStream stream = File.Create(path);
        var builder = new FileBuilder(stream);
        builder.Begin();
        var textChunk = new Chunk(PhysicalType.ByteArray, RowsPerGroup, texts);
        var numberChunk = new Chunk(PhysicalType.Int64, RowsPerGroup, numbers);
        for (int i = 0; i < groups; i++) builder.AddGroup(RowsPerGroup, textChunk, numberChunk);
        builder.End([new("root", Children: 2), new("text", 0, PhysicalType.ByteArray, Converted: 0), new("number", 0, PhysicalType.Int64)]);
    }
}

using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>A Parquet file's rows as JSON lines.</summary>
public static class ParquetJsonLines
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Writes the rows, a line each, in the form of <see cref="JsonRowWriter"/>.</summary>
    /// <param name="file">The file.</param>
    /// <param name="output">Receives UTF-8.</param>
    /// <param name="columns">Names of the columns that are wanted; all of them if left out.</param>
    /// <param name="most">Rows to stop after; all of them if left out.</param>
    /// <returns>The rows written.</returns>
    /// <exception cref="AteneaException">The file is damaged or uses what is not supported (ATN0205, ATN0423 to ATN0436).</exception>
    public static long Write(ParquetFile file, Stream output, IReadOnlyList<string>? columns = null, long most = long.MaxValue)
    {
        var writer = new JsonRowWriter();
        var buffer = new MemoryStream(2 * BufferBytes);
        long rows = 0;
        foreach (ParquetBatch batch in file.ReadBatches(columns))
        {
            for (int i = 0; i < batch.RowCount && rows < most; i++, rows++)
            {
                buffer.Write(writer.Write(batch, i));
                buffer.WriteByte((byte)'\n');
                if (buffer.Length >= BufferBytes) Flush(buffer, output);
            }

            if (rows == most) break;
        }

        Flush(buffer, output);
        return rows;
    }

    private static void Flush(MemoryStream buffer, Stream output)
    {
        output.Write(buffer.GetBuffer(), 0, (int)buffer.Length);
        buffer.SetLength(0);
    }
}

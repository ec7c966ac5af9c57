namespace Atenea.Parquet.Tests;

/// <summary>All rows of a file as JSON lines.</summary>
internal static class JsonLines
{
    /// <summary>Writes the rows, a line each, in the form of <see cref="JsonRowWriter"/>.</summary>
    /// <returns>The rows written.</returns>
    public static long Write(ParquetFile file, Stream output)
    {
        var writer = new JsonRowWriter();
        long rows = 0;
        foreach (ParquetBatch batch in file.ReadBatches())
        {
            for (int i = 0; i < batch.RowCount; i++, rows++)
            {
                output.Write(writer.Write(batch, i));
                output.WriteByte((byte)'\n');
            }
        }

        return rows;
    }
}

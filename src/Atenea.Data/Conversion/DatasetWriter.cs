using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>Writes rows in memory as a file.</summary>
public static class DatasetWriter
{
    /// <summary>
    /// Writes a data set as CSV: UTF-8, a header, quotation by RFC 4180, LF line ends. The file appears complete or not at all.
    /// </summary>
    /// <param name="data">The rows.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public static void WriteCsv(Dataset data, string path) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        DataConverter.WriteCsvRow(writer, data.Columns);
        IReadOnlyList<string?>[] columns = [.. data.Columns.Select(data.Column)];
        for (int row = 0; row < data.Count; row++) DataConverter.WriteCsvRow(writer, columns.Select(c => c[row]));
    });
}

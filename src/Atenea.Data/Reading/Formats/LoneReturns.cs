namespace Atenea.Data;

/// <summary>
/// Looks for carriage returns that stand alone outside quotes in a CSV file whose lines end with LF: some readers end a row there.
/// </summary>
internal static class LoneReturns
{
    /// <summary>The lines (counting LF) with lone carriage returns outside quotes; empty for a file without LF line ends.</summary>
    public static IReadOnlyList<long> Find(string path)
    {
        var lines = new List<long>();
        long line = 1;
        bool quoted = false, afterReturn = false, atFieldStart = true;
        var buffer = new byte[1 << 16];
        using Stream bytes = Utf8Input.OpenBytes(path);
        for (int read; (read = bytes.Read(buffer)) > 0;)
        {
            foreach (byte value in buffer.AsSpan(0, read))
            {
                if (afterReturn && value != '\n' && lines.Count < Finding.MostPlaces && (lines.Count == 0 || lines[^1] != line))
                    lines.Add(line);
                afterReturn = value == '\r' && !quoted;
                if (value == '\n') line++;
                // A quote opens a field at its start, and closes one that is open; a doubled quote closes and opens again.
                if (value == '"' && (quoted || atFieldStart)) quoted = !quoted;
                else atFieldStart = value is (byte)',' or (byte)';' or (byte)'\t' or (byte)'|' or (byte)'\n' or (byte)'\r';
            }
        }

        return line > 1 ? lines : [];
    }
}

using System.Globalization;
using System.Text;
using Atenea.Errors;
using CsvHelper;

namespace Atenea.Data;

/// <summary>
/// How a file of separated values is written: its separator, whether it quotes, whether it has a header. Recognised from the file's first
/// 64 kB.
/// </summary>
/// <param name="Separator">Between fields; null leaves a first line like <c>sep=;</c> (written by Excel) to the reader.</param>
/// <param name="Quotes">Whether quotation marks enclose fields.</param>
/// <param name="HasHeader">Whether the first row names the columns.</param>
internal sealed record CsvDialect(char? Separator, bool Quotes, bool HasHeader)
{
    private const string SeparatorHint = "sep=";
    private const int SampleRows = 200;

    /// <summary>The options that read this dialect.</summary>
    public CsvReaderOptions Options => new()
    {
        Separator = Separator,
        Mode = Quotes ? CsvMode.Rfc4180 : CsvMode.NoEscape,
        HasHeader = false, // the header is read as a row, so that it gets the checks of any other row
        SkipEmptyLines = false, // and so that blank lines can be counted
    };

    /// <summary>Recognises the dialect of a file.</summary>
    /// <param name="start">The first text of the file.</param>
    /// <param name="tabs">Whether the file's name says that tabs separate its fields.</param>
    /// <param name="options">Choices that are made already.</param>
    /// <param name="log">Told of what is unusual.</param>
    public static CsvDialect Recognise(ReadOnlySpan<byte> start, bool tabs, ReadOptions options, ReadingLog log)
    {
        char preferred = tabs ? '\t' : ',';
        char? separator = options.Separator ?? FindSeparator(start, preferred);
        if (options.Separator is null && (separator == '|' || (tabs && separator is ',' or ';')))
            log.Note(Catalogue.SeparatorUnusual, $"read with '{separator}' between fields", value: separator.ToString());
        // A .tsv file has no quoting (IANA text/tab-separated-values; GLUE and the like hold lone quotation marks).
        var dialect = new CsvDialect(separator, !(tabs && separator == '\t'), true);
        return dialect with { HasHeader = options.ColumnNames is null && dialect.FindHeader(start, log) };
    }

    /// <summary>The preferred separator if the first line has it, else another that it has.</summary>
    private static char? FindSeparator(ReadOnlySpan<byte> start, char preferred)
    {
        string header = Encoding.UTF8.GetString(start).TrimStart('\r', '\n').Split(['\n', '\r'], 2)[0];
        if (header.Contains(SeparatorHint, StringComparison.OrdinalIgnoreCase)) return null;
        string unquoted = WithoutQuoted(header);
        if (unquoted.Contains(preferred, StringComparison.Ordinal)) return preferred;
        foreach (char candidate in ",;\t|")
        {
            if (unquoted.Contains(candidate, StringComparison.Ordinal)) return candidate;
        }

        return preferred;
    }

    private static string WithoutQuoted(string line) => string.Concat(line.Split('"').Where((_, i) => i % 2 == 0));

    /// <summary>
    /// Whether the first row is a header. It is taken for data when it has a number in a column of numbers, or a value that its column
    /// repeats: a first row that is lost without a word is worse than columns without good names.
    /// </summary>
    private bool FindHeader(ReadOnlySpan<byte> start, ReadingLog log)
    {
        List<string[]> rows = Sample(start);
        if (rows.Count < 3) return true;
        string[] first = rows[0];
        for (int column = 0; column < first.Length; column++)
        {
            string value = first[column].Trim();
            string[] others =
                [.. rows.Skip(1).Where(r => r.Length == first.Length && !r.SequenceEqual(first)).Select(r => r[column].Trim())];
            if (value.Length == 0 || others.Length < 2) continue;
            if ((IsNumber(value) && others.All(IsNumber)) || IsRepeated(value, others))
            {
                log.Note(Catalogue.HeaderMissing,
                    "the first line looks like data, not like a header; the columns are called column1, column2 and so on",
                    1, string.Join(' ', first));
                return false;
            }
        }

        return true;
    }

    /// <summary>A value that stands in its column again and again, among few others that do too, as a label does.</summary>
    private static bool IsRepeated(string value, string[] others) =>
        others.Count(o => o == value) >= 2 && others.Distinct(StringComparer.Ordinal).Count() <= Math.Max(2, others.Length / 2);

    private static bool IsNumber(string value) => double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _);

    private List<string[]> Sample(ReadOnlySpan<byte> start)
    {
        using CsvReader reader = CsvReader.Create(start.ToArray(), Options);
        var rows = new List<string[]>();
        while (rows.Count <= SampleRows && reader.Read())
        {
            if (reader.FieldCount > 1 || !reader.RawRecord.IsEmpty)
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetString)]);
        }

        if (rows.Count > 1) rows.RemoveAt(rows.Count - 1); // the sample may cut it
        return rows;
    }
}

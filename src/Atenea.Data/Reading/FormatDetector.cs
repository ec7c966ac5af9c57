using System.Text;
using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Tells the format of a file by its name and, where names mislead (CoNLL data named .tsv or .train), by its first lines.
/// </summary>
internal static partial class FormatDetector
{
    private static readonly Dictionary<string, DataFormat> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = DataFormat.Csv,
        [".tsv"] = DataFormat.Tsv,
        [".tab"] = DataFormat.Tsv,
        [".json"] = DataFormat.Json,
        [".jsonl"] = DataFormat.JsonLines,
        [".ndjson"] = DataFormat.JsonLines,
        [".txt"] = DataFormat.Text,
        [".text"] = DataFormat.Text,
        [".tokens"] = DataFormat.Text,
        [".raw"] = DataFormat.Text,
        [".conll"] = DataFormat.Conll,
        [".conll2003"] = DataFormat.Conll,
        [".iob"] = DataFormat.Conll,
        [".iob2"] = DataFormat.Conll,
        [".bio"] = DataFormat.Conll,
        [".bioes"] = DataFormat.Conll,
        [".parquet"] = DataFormat.Parquet,
    };

    /// <summary>The names of the formats, for messages.</summary>
    public static string Known { get; } = string.Join(", ", Extensions.Keys);

    /// <summary>The format that a file's name says, without a .gz at its end; null if it says none.</summary>
    public static DataFormat? FromName(string path)
    {
        string name = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? path[..^3] : path;
        return Extensions.TryGetValue(Path.GetExtension(name), out DataFormat format) ? format : null;
    }

    /// <summary>The format of a file by its name, or by its first lines where they say otherwise beyond doubt.</summary>
    /// <param name="path">The file.</param>
    /// <param name="start">Its first bytes as UTF-8.</param>
    /// <param name="log">Told of a format that the name does not say.</param>
    /// <exception cref="AteneaException">Neither says anything (ATN0201).</exception>
    public static DataFormat Detect(string path, ReadOnlySpan<byte> start, ReadingLog log)
    {
        DataFormat? named = FromName(path);
        if (named is null or DataFormat.Tsv or DataFormat.Text && FromContent(start) is { } seen && seen != named)
        {
            log.Note(Catalogue.FormatGuessed, $"read as {Describe(seen)}, by its content", severity: FindingSeverity.Information);
            return seen;
        }

        return named ?? throw new AteneaException(Catalogue.DataFormatUnsupported,
            $"'{Path.GetExtension(path)}', known are {Known}", path, "rename the file, or name its format with data.format");
    }

    private static string Describe(DataFormat format) => format switch
    {
        DataFormat.Conll => "CoNLL columns, a token per line",
        DataFormat.Relations => "SemEval-2010 Task 8 relations",
        _ => "values between tabs",
    };

    private static DataFormat? FromContent(ReadOnlySpan<byte> start)
    {
        const int fewestTokens = 3;
        string[] lines = Encoding.UTF8.GetString(start).Split('\n');
        // The last line of the sample may be cut.
        string[] whole = [.. lines.Take(Math.Max(1, lines.Length - 1)).Select(l => l.TrimEnd('\r'))];
        if (RelationSentence().IsMatch(whole[0])) return DataFormat.Relations;
        string[] filled = [.. whole.Where(l => l.AsSpan().Trim().Length > 0)];
        if (filled.Length >= fewestTokens && filled.All(l => TaggedToken().IsMatch(l))) return DataFormat.Conll;
        int tabs = whole[0].Count(c => c == '\t');
        return tabs >= 2 && filled.Length >= 2 && filled.All(l => l.Count(c => c == '\t') == tabs) ? DataFormat.Tsv : null;
    }

    [GeneratedRegex("^[0-9]+\t\"[^\t]*<e1>.*</e1>.*<e2>.*</e2>")]
    private static partial Regex RelationSentence();

    [GeneratedRegex(@"^\S+([ \t]+\S+)*[ \t]+(O|[BIESLU]-\S+)\s*$")]
    private static partial Regex TaggedToken();
}

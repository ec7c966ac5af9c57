using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data.Tests;

/// <summary>
/// Every file of the collection of bad files (data/bad): the outcome, rows and labels that are expected, and the findings that come of
/// comparing rows.
/// </summary>
public class DataCheckTests
{
    private static readonly Dictionary<string, ErrorCode> Codes = new()
    {
        ["duplicate"] = Catalogue.DuplicateRows,
        ["near_duplicate"] = Catalogue.NearDuplicateRows,
        ["contradictory_label"] = Catalogue.ContradictoryLabels,
        ["leak"] = Catalogue.LeakedTexts,
        ["unseen_label"] = Catalogue.UnseenLabel,
        ["label_typo"] = Catalogue.LabelTypo,
        ["imbalance"] = Catalogue.DominatingClass,
        ["rare_class"] = Catalogue.RareClass,
        ["empty_columns"] = Catalogue.UnnamedColumns,
        ["suspicious_quote"] = Catalogue.DataFileMalformed,
        ["lone_cr"] = Catalogue.LoneCarriageReturns,
        ["blank_lines"] = Catalogue.BlankLines,
        ["missing_label"] = Catalogue.LabelMissing,
        ["mojibake"] = Catalogue.DoublyEncoded,
        ["ragged"] = Catalogue.RowRagged,
        ["nul"] = Catalogue.NulCharacters,
        ["invisible_characters"] = Catalogue.InvisibleCharacters,
    };

    public static TheoryData<string> Files() =>
        [.. Expectations().Select(e => e.GetProperty("file").GetString()!).Where(f => File.Exists(Repository.Data("bad", f)))];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_gets_what_is_expected(string name) => CheckFile(name, Repository.Data("bad"));

    [Fact]
    [Trait("Category", "Slow")]
    public void All_files_of_the_collection_get_what_is_expected()
    {
        foreach (JsonElement expected in Expectations())
            CheckFile(expected.GetProperty("file").GetString()!, Repository.File("..", "shared", "data", "bad"));
    }

    [Theory]
    [Trait("Category", "Slow")]
    [InlineData("emotion/train.csv", "emotion/validation.csv", "emotion/test.csv")]
    [InlineData("stance_climate/train.csv", "stance_climate/validation.csv", "stance_climate/test.csv")]
    [InlineData("imdb/train2000.csv", "imdb/test1000.csv")]
    [InlineData("steam/steam_en.csv")]
    [InlineData("steam/steam_es.csv")]
    [InlineData("bc5cdr-iob/train.tsv", "bc5cdr-iob/devel.tsv", "bc5cdr-iob/test.tsv")]
    [InlineData("conll2002-es/esp.train", "conll2002-es/esp.testa", "conll2002-es/esp.testb")]
    [InlineData("semeval2010-task8/TRAIN_FILE.TXT", "semeval2010-task8/TEST_FILE_FULL.TXT")]
    [InlineData("quijote-es/quijote.txt")]
    [InlineData("wikitext2-en/wiki.valid.tokens", "wikitext2-en/wiki.test.tokens")]
    [InlineData("glue/RTE/train.tsv", "glue/RTE/dev.tsv", "glue/RTE/test.tsv")]
    [InlineData("glue/WNLI/train.tsv", "glue/WNLI/dev.tsv", "glue/WNLI/test.tsv")]
    [InlineData("glue/SST-2/train.tsv", "glue/SST-2/dev.tsv", "glue/SST-2/test.tsv")]
    [InlineData("glue/STS-B/train.tsv", "glue/STS-B/dev.tsv", "glue/STS-B/test.tsv")]
    [InlineData("glue/CoLA/test.tsv")]
    public void Real_data_sets_have_no_errors(params string[] files)
    {
        DataCheckReport report =
            DataCheck.Run([.. files.Select(f => CheckInput.FromFile(Repository.File("..", "shared", "data", f)))], new DataCheckOptions());
        Assert.All(report.Files, f => Assert.DoesNotContain(f.Findings, x => x.Severity == FindingSeverity.Error));
    }

    private static void CheckFile(string name, string folder)
    {
        JsonElement expected = Expectations().Single(e => e.GetProperty("file").GetString() == name);
        string path = Path.Combine(folder, name);
        bool second = expected.TryGetProperty("pair", out JsonElement pair) && expected.GetProperty("outcome").GetString() == "warn";
        CheckInput[] inputs = second
            ? [CheckInput.FromFile(path), CheckInput.FromFile(Path.Combine(folder, pair.GetString()!))]
            : [CheckInput.FromFile(path)];
        FileCheckReport report = DataCheck.Run(inputs, new DataCheckOptions()).Files[^1];

        Assert.Equal(expected.GetProperty("outcome").GetString(), report.Outcome.ToString().ToLowerInvariant());
        if (expected.TryGetProperty("rows", out JsonElement rows)) Assert.Equal(rows.GetInt64(), report.Rows);
        if (expected.TryGetProperty("rows_read", out JsonElement read)) Assert.Equal(read.GetInt64(), report.RowsRead);
        if (expected.TryGetProperty("labels", out JsonElement labels))
            Assert.Equal(labels.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetInt64()), report.Labels.ToDictionary());
        if (expected.TryGetProperty("raw_labels", out JsonElement raw) && name == "label_typos.csv")
            Assert.Equal(raw.EnumerateObject().ToDictionary(l => l.Name, l => l.Value.GetInt64()), report.Labels.ToDictionary());
        foreach (JsonElement finding in expected.GetProperty("findings").EnumerateArray()) CheckFinding(finding, report);
    }

    private static void CheckFinding(JsonElement expected, FileCheckReport report)
    {
        if (!Codes.TryGetValue(expected.GetProperty("code").GetString()!, out ErrorCode? code)) return;
        CheckFinding found = Assert.Single(report.Findings, f => f.Code == code);
        Assert.Equal(expected.GetProperty("severity").GetString(),
            found.Severity switch { FindingSeverity.Error => "error", FindingSeverity.Warning => "warning", _ => "info" });
        if (expected.TryGetProperty("lines", out JsonElement lines) || expected.TryGetProperty("lf_lines", out lines))
            Assert.Equal(lines.EnumerateArray().Select(l => l.GetInt64()), found.Lines);
        if (expected.TryGetProperty("count", out JsonElement count)) Assert.Equal(count.GetInt64(), found.Count);
        if (expected.TryGetProperty("near_lines", out JsonElement near))
        {
            Assert.Equal(near.EnumerateArray().Select(l => l.GetInt64()),
                Assert.Single(report.Findings, f => f.Code == Catalogue.NearlyLeakedTexts).Lines);
        }
    }

    private static List<JsonElement> Expectations()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Data("bad", "expected.json")));
        return [.. document.RootElement.GetProperty("files").EnumerateArray().Select(e => e.Clone())];
    }
}

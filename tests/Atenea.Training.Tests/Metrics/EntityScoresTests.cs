using System.Text.Json;

namespace Atenea.Training.Tests;

[Trait("Data", "Goldens")]
public class EntityScoresTests
{
    private static readonly string[] File = ["metrics", "seqeval.json"];

    public static TheoryData<string> Cases => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_entities_and_reports_equal_seqeval(string name)
    {
        JsonElement golden = Golden.Case(name, File), expected = golden.GetProperty("default");
        string[][] truth = Tags(golden.GetProperty("y_true")), predicted = Tags(golden.GetProperty("y_pred"));
        var scores = new EntityScores(truth, predicted);
        foreach ((string suffix, double zeroDivision) in new[] { ("zd0", 0.0), ("zd1", 1.0) })
        {
            Compare(expected.GetProperty($"micro_{suffix}"), scores.Micro(zeroDivision));
            Compare(expected.GetProperty($"macro_{suffix}"), scores.Macro(zeroDivision));
            Compare(expected.GetProperty($"weighted_{suffix}"), scores.Weighted(zeroDivision));
        }

        Golden.Close(expected.GetProperty("accuracy").Number(), scores.Accuracy);
        Assert.Equal(Entities(expected.GetProperty("entities_true")), Entities(truth));
        Assert.Equal(Entities(expected.GetProperty("entities_pred")), Entities(predicted));
        if (!expected.TryGetProperty("report_digits2", out JsonElement report) || report.ValueKind != JsonValueKind.String) return;
        Assert.Equal(report.GetString(), ClassificationReport.Text(scores));
        Assert.Equal(expected.GetProperty("report_digits4").GetString(), ClassificationReport.Text(scores, digits: 4));
    }

    [Fact]
    public void Sequences_of_different_lengths_are_refused() =>
        Assert.Throws<ArgumentException>(() => new EntityScores([["O"]], [["O", "O"]]));

    private static string[][] Tags(JsonElement sequences) => [.. sequences.EnumerateArray().Select(tags => tags.Texts()!)];

    private static List<string> Entities(JsonElement spans) => [.. spans.EnumerateArray().Select(span => $"{span[0]} {span[1]} {span[2]}")];

    /// <summary>With the last token in place of the end, as seqeval has them.</summary>
    private static List<string> Entities(string[][] sequences) =>
        [.. EntityScores.Entities(EntityScores.Join(sequences)).Select(span => $"{span.Type} {span.Start} {span.End - 1}")];

    private static void Compare(JsonElement expected, ClassScores actual)
    {
        Golden.Close(expected.GetProperty("precision").Number(), actual.Precision);
        Golden.Close(expected.GetProperty("recall").Number(), actual.Recall);
        Golden.Close(expected.GetProperty("f1").Number(), actual.F1);
    }
}

using System.Text.Json;

namespace Atenea.Training.Tests;

[Trait("Data", "Goldens")]
public class MultiLabelScoresTests
{
    private static readonly string[] File = ["metrics", "multilabel.json"];

    public static TheoryData<string> Cases => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_and_reports_equal_scikit_learn(string name)
    {
        JsonElement golden = Golden.Case(name, File), expected = golden.GetProperty("expected");
        var scores = new MultiLabelScores(Matrix(golden.GetProperty("y_true")), Matrix(golden.GetProperty("y_pred")));
        Golden.Close(expected.GetProperty("subset_accuracy").Number(), scores.SubsetAccuracy);
        Golden.Close(expected.GetProperty("hamming_loss").Number(), scores.HammingLoss);
        foreach ((string suffix, double zeroDivision) in new[] { ("zd0", 0.0), ("zd1", 1.0) })
        {
            Compare(expected.GetProperty($"prf_micro_{suffix}"), scores.Micro(zeroDivision));
            Compare(expected.GetProperty($"prf_macro_{suffix}"), scores.Macro(zeroDivision));
            Compare(expected.GetProperty($"prf_weighted_{suffix}"), scores.Weighted(zeroDivision));
            Compare(expected.GetProperty($"prf_samples_{suffix}"), scores.Samples(zeroDivision));
        }

        string[] names = golden.GetProperty("target_names").Texts()!;
        Assert.Equal(expected.GetProperty("report_digits2").GetString(), ClassificationReport.Text(scores, names));
        Assert.Equal(expected.GetProperty("report_digits4").GetString(), ClassificationReport.Text(scores, names, digits: 4));
    }

    private static bool[][] Matrix(JsonElement rows) => [.. rows.EnumerateArray().Select(r => r.Integers().Select(v => v != 0).ToArray())];

    private static void Compare(JsonElement expected, ClassScores actual)
    {
        Golden.Close(expected.GetProperty("precision").Number(), actual.Precision);
        Golden.Close(expected.GetProperty("recall").Number(), actual.Recall);
        Golden.Close(expected.GetProperty("f1").Number(), actual.F1);
    }
}

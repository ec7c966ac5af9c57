using System.Text.Json;

namespace Atenea.Training.Tests;

[Trait("Data", "Goldens")]
public class ClassificationScoresTests
{
    private static readonly string[] File = ["metrics", "classification.json"];

    public static TheoryData<string> Cases => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_equal_scikit_learn(string name)
    {
        (ClassificationScores scores, JsonElement expected, _) = Load(name);
        Golden.Close(expected.GetProperty("accuracy").Number(), scores.Accuracy);
        Assert.Equal(expected.GetProperty("confusion_labels").Integers(), scores.Classes);
        Assert.Equal(
            [.. expected.GetProperty("confusion_matrix").EnumerateArray()
                .Select(r => r.EnumerateArray().Select(v => v.GetInt64()).ToArray())],
            scores.ConfusionMatrix);
        foreach ((string suffix, double zeroDivision) in new[] { ("zd0", 0.0), ("zd1", 1.0), ("zdnan", double.NaN) })
        {
            Compare(expected.GetProperty($"prf_micro_{suffix}"), scores.Micro(zeroDivision));
            Compare(expected.GetProperty($"prf_macro_{suffix}"), scores.Macro(zeroDivision));
            Compare(expected.GetProperty($"prf_weighted_{suffix}"), scores.Weighted(zeroDivision));
            JsonElement each = expected.GetProperty($"prf_None_{suffix}");
            ClassScores[] perClass = scores.PerClass(zeroDivision);
            for (int c = 0; c < perClass.Length; c++)
            {
                Golden.Close(each.GetProperty("precision")[c].Number(), perClass[c].Precision);
                Golden.Close(each.GetProperty("recall")[c].Number(), perClass[c].Recall);
                Golden.Close(each.GetProperty("f1")[c].Number(), perClass[c].F1);
                Golden.Close(each.GetProperty("support")[c].Number(), perClass[c].Support);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void The_report_equals_scikit_learn_character_for_character(string name)
    {
        (ClassificationScores scores, JsonElement expected, string[]? names) = Load(name);
        Assert.Equal(expected.GetProperty("report_digits2").GetString(), ClassificationReport.Text(scores, names));
        Assert.Equal(expected.GetProperty("report_digits4").GetString(), ClassificationReport.Text(scores, names, digits: 4));
        Assert.Equal(expected.GetProperty("report_digits2_zd1").GetString(), ClassificationReport.Text(scores, names, zeroDivision: 1));
        Assert.Equal(expected.GetProperty("report_digits3_nan").GetString(),
            ClassificationReport.Text(scores, names, digits: 3, zeroDivision: double.NaN));
    }

    private static (ClassificationScores Scores, JsonElement Expected, string[]? Names) Load(string name)
    {
        JsonElement golden = Golden.Case(name, File), labels = golden.GetProperty("labels");
        var scores = new ClassificationScores(golden.GetProperty("y_true").Integers(), golden.GetProperty("y_pred").Integers(),
            labels.ValueKind == JsonValueKind.Null ? null : labels.Integers());
        return (scores, golden.GetProperty("expected"), golden.GetProperty("target_names").Texts());
    }

    private static void Compare(JsonElement expected, ClassScores actual)
    {
        Golden.Close(expected.GetProperty("precision").Number(), actual.Precision);
        Golden.Close(expected.GetProperty("recall").Number(), actual.Recall);
        Golden.Close(expected.GetProperty("f1").Number(), actual.F1);
    }
}

using System.Text.Json;

namespace Atenea.Training.Tests;

[Trait("Data", "Goldens")]
public class RegressionScoresTests
{
    private static readonly string[] File = ["metrics", "regression.json"];

    public static TheoryData<string> Cases => Golden.Names(File);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Scores_equal_scikit_learn_and_scipy(string name)
    {
        JsonElement golden = Golden.Case(name, File), expected = golden.GetProperty("expected");
        var scores = new RegressionScores(golden.GetProperty("y_true").Numbers(), golden.GetProperty("y_pred").Numbers());
        Golden.Close(expected.GetProperty("mse").Number(), scores.MeanSquaredError);
        Golden.Close(expected.GetProperty("rmse").Number(), scores.RootMeanSquaredError);
        Golden.Close(expected.GetProperty("mae").Number(), scores.MeanAbsoluteError);
        Golden.Close(expected.GetProperty("r2").Number(), scores.R2);
        Golden.Close(expected.GetProperty("pearson").Number(), scores.Pearson);
        Golden.Close(expected.GetProperty("spearman").Number(), scores.Spearman);
    }
}

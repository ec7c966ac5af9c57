namespace Atenea.Cli.Prediction;

/// <summary>The second column of tasks that need pairs.</summary>
internal static class PairColumns
{
    /// <summary>The column that was named, or the usual one where two texts are given on the command line.</summary>
    public const string Usual = "pair";

    /// <summary>The column of the second texts.</summary>
    public static string Require(PredictRequest request) => request.PairColumn ?? Usual;
}

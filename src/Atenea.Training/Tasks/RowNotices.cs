using Atenea.Data;

namespace Atenea.Training;

/// <summary>Tells what is out of the ordinary about rows: the same for a run and for an evaluation.</summary>
internal static class RowNotices
{
    private const int MostLinesTold = 5;

    /// <summary>Tells what was found while the rows were read, and what became of their texts.</summary>
    /// <param name="features">What the rows became.</param>
    /// <param name="name">What the rows are for, with a space behind it; empty where there is but one set of them.</param>
    /// <param name="maxLength">The longest sequence in tokens.</param>
    /// <param name="notice">Told of each.</param>
    public static void Tell(FeatureSet features, string name, int maxLength, Action<string> notice)
    {
        int rows = features.Source.Count;
        if (features.TruncatedRows > 0) notice($"{name}rows longer than {maxLength} tokens, cut: {features.TruncatedRows} of {rows}");
        if (features.EmptyRows > 0) notice($"{name}rows without text: {features.EmptyRows} of {rows}");
        Tell(features.Source.Source, features.Source.Findings, notice);
    }

    /// <summary>Tells findings, but for mere information.</summary>
    /// <param name="source">The file.</param>
    /// <param name="findings">What was found.</param>
    /// <param name="notice">Told of each.</param>
    public static void Tell(string source, IReadOnlyList<Finding> findings, Action<string> notice)
    {
        foreach (Finding finding in findings.Where(f => f.Severity != FindingSeverity.Information))
        {
            string lines = string.Join(", ", finding.Lines.Take(MostLinesTold));
            string more = finding.Lines.Count > MostLinesTold ? " ..." : "";
            notice($"{source}: {finding.Message}: {finding.Count}{(lines.Length == 0 ? "" : $", lines {lines}{more}")}");
        }
    }
}

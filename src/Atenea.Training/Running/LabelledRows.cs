using Atenea.Data;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// Makes rows fit to train on or to score, and tells what is out of the ordinary about them: the same for a run and for an evaluation.
/// </summary>
internal static class LabelledRows
{
    private const int MostLinesTold = 5;

    /// <summary>
    /// Leaves out rows without a label and writes whole-number labels one way, as <c>data check</c> says, where a row has one class; other
    /// rows stay as they are.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="columns">Their columns.</param>
    /// <param name="problem">What the labels mean.</param>
    /// <param name="notice">Told what was left out or changed, or null.</param>
    /// <param name="classes">Labels that are classes even where they read like a missing value (<c>None</c>); those that the rows show if
    /// left out.</param>
    public static Dataset Clean(Dataset rows, DataColumns columns, ProblemType problem, Action<string>? notice, IReadOnlyList<string>? classes = null)
    {
        if (problem != ProblemType.SingleLabelClassification || columns.Label is not [string label] || !rows.Has(label)) return rows;
        var log = new ReadingLog();
        Dataset clean = DataCleaning.CleanLabels(rows, label, log, classes);
        Tell(rows.Source, log.Findings, notice);
        return clean;
    }

    /// <summary>Tells what was found while the rows were read, and what became of their texts.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="encoded">The same rows as tokens.</param>
    /// <param name="name">What the rows are for, with a space behind it; empty where there is but one set of them.</param>
    /// <param name="maxLength">The longest sequence in tokens.</param>
    /// <param name="notice">Told, or null.</param>
    public static void Tell(Dataset rows, EncodedDataset encoded, string name, int maxLength, Action<string>? notice)
    {
        if (encoded.TruncatedRows > 0) notice?.Invoke($"{name}rows longer than {maxLength} tokens, cut: {encoded.TruncatedRows} of {encoded.Count}");
        if (encoded.EmptyRows > 0) notice?.Invoke($"{name}rows without text: {encoded.EmptyRows} of {encoded.Count}");
        Tell(rows.Source, rows.Findings, notice);
    }

    private static void Tell(string source, IReadOnlyList<Finding> findings, Action<string>? notice)
    {
        foreach (Finding finding in findings.Where(f => f.Severity != FindingSeverity.Information))
        {
            string lines = string.Join(", ", finding.Lines.Take(MostLinesTold));
            string more = finding.Lines.Count > MostLinesTold ? " ..." : "";
            notice?.Invoke($"{source}: {finding.Message}: {finding.Count}{(lines.Length == 0 ? "" : $", lines {lines}{more}")}");
        }
    }
}

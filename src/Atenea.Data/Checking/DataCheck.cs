using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Says what is wrong with data before a run: what is wrong with files and cells, with labels, with rows that repeat, contradict each other
/// or occur in several splits, with the balance of classes, the lengths in tokens and the languages. Its thresholds are
/// <see cref="CheckLimits"/>. Memory does not grow with the files.
/// </summary>
/// <example><code>
/// DataCheckReport report = DataCheck.Run([CheckInput.FromFile("train.csv"), CheckInput.FromFile("test.csv")], new DataCheckOptions());
/// foreach (CheckFinding finding in report.Files.SelectMany(f => f.Findings))
///     Console.WriteLine($"{finding.Severity} {finding.Code.Id} {finding.Message}");
/// </code></example>
public static class DataCheck
{
    /// <summary>Checks splits that belong together.</summary>
    /// <param name="inputs">The splits, at least one; the others are compared with the training rows, or with the first if none are called
    /// so.</param>
    /// <param name="options">What the files leave open.</param>
    /// <exception cref="AteneaException">A file is missing or unreadable (ATN0401, ATN0402). All else is a finding.</exception>
    public static DataCheckReport Run(IReadOnlyList<CheckInput> inputs, DataCheckOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfZero(inputs.Count, nameof(inputs));
        var session = new CheckSession(options, hasOthers: inputs.Count > 1);
        var reports = new List<FileCheckReport>();
        foreach (CheckInput input in inputs.OrderBy(i => i.Rank))
        {
            var check = new SplitCheck(input, session);
            session.Training ??= check;
            reports.Add(check.Run());
        }

        return new DataCheckReport(reports);
    }
}

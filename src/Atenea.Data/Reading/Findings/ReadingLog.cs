using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Takes what a reader finds. A warning is noted and reading goes on. A problem ends the reading with an <see cref="AteneaException"/>,
/// unless the log is tolerant: then it is noted as an error, its row is left out, and reading goes on, so that all problems of a file are
/// seen at once.
/// </summary>
/// <param name="tolerant">Whether reading goes on after a problem.</param>
public sealed class ReadingLog(bool tolerant = false)
{
    private readonly Dictionary<(ErrorCode, FindingSeverity, string?), Finding> _findings = [];
    private readonly List<Finding> _order = [];

    /// <summary>Whether reading goes on after a problem.</summary>
    public bool Tolerant { get; } = tolerant;

    /// <summary>What was found, in the order of first occurrence.</summary>
    public IReadOnlyList<Finding> Findings => _order;

    /// <summary>Rows that were left out because of problems.</summary>
    public long SkippedRows { get; private set; }

    /// <summary>How often something was found.</summary>
    public long Count(ErrorCode code) => _order.Where(f => f.Code == code).Sum(f => f.Count);

    /// <summary>Notes something that does not keep data from being used.</summary>
    /// <param name="code">The catalogue's entry.</param>
    /// <param name="message">What was found; of several places the first one's is kept.</param>
    /// <param name="line">The line, from 1; 0 for the file as a whole.</param>
    /// <param name="value">The value found there.</param>
    /// <param name="severity">How much it matters.</param>
    /// <param name="group">Findings of one code with different groups (columns, say) are kept apart.</param>
    /// <param name="remedy">What to do, if more exact than the catalogue's remedy.</param>
    public void Note(
        ErrorCode code, string message, long line = 0, string? value = null, FindingSeverity severity = FindingSeverity.Warning,
        string? group = null, string? remedy = null)
    {
        if (!_findings.TryGetValue((code, severity, group), out Finding? finding))
        {
            finding = new Finding(code, severity, message, remedy);
            _findings.Add((code, severity, group), finding);
            _order.Add(finding);
        }

        finding.Add(line, value);
    }

    /// <summary>Takes a problem of a row, which must then be left out.</summary>
    /// <param name="code">The catalogue's entry.</param>
    /// <param name="what">What was found.</param>
    /// <param name="path">The file.</param>
    /// <param name="line">The line, from 1; 0 for the file as a whole.</param>
    /// <param name="value">The value found there.</param>
    /// <param name="remedy">What to do, if more exact than the catalogue's remedy.</param>
    /// <param name="cause">The exception that told of it.</param>
    /// <param name="skipsRow">Whether this is the first problem of its row.</param>
    /// <exception cref="AteneaException">The log is not tolerant.</exception>
    public void Problem(
        ErrorCode code, string what, string path, long line, string? value = null, string? remedy = null, Exception? cause = null,
        bool skipsRow = true)
    {
        if (!Tolerant) throw new AteneaException(code, what, line > 0 ? $"{path}: line {line}" : path, remedy, cause);
        if (skipsRow) SkippedRows++;
        Note(code, what, line, value, FindingSeverity.Error, remedy: remedy);
    }

    /// <summary>Takes what ended a reading, as an error of the file as a whole.</summary>
    public void Failure(AteneaException failure)
    {
        long line = 0;
        int mark = failure.Where?.LastIndexOf(": line ", StringComparison.Ordinal) ?? -1;
        if (mark >= 0) _ = long.TryParse(failure.Where.AsSpan(mark + ": line ".Length), out line);
        Note(failure.Code, failure.What, line, severity: FindingSeverity.Error, remedy: failure.Remedy);
    }
}

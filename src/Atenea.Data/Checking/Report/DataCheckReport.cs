using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>What to make of data.</summary>
public enum CheckOutcome
{
    /// <summary>Nothing to complain of.</summary>
    Accept,

    /// <summary>Usable, but a person should look.</summary>
    Warn,

    /// <summary>A run would fail or be spoilt.</summary>
    Reject,
}

/// <summary>The words for outcomes and severities, as reports have them.</summary>
public static class CheckWords
{
    /// <summary>The word for an outcome.</summary>
    public static string Name(this CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Reject => "reject",
        CheckOutcome.Warn => "warn",
        _ => "accept",
    };

    /// <summary>The word for a severity.</summary>
    public static string Name(this FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "info",
    };
}

/// <summary>What a check found in all splits.</summary>
/// <param name="Files">The splits, training rows first.</param>
public sealed record DataCheckReport(IReadOnlyList<FileCheckReport> Files)
{
    /// <summary>The worst outcome of a split.</summary>
    public CheckOutcome Outcome => Files.Max(f => f.Outcome);

    /// <summary>Whether a file could not be read at all.</summary>
    public bool IsUnreadable => Files.Any(f => f.Rows == 0 && f.Outcome == CheckOutcome.Reject && f.RowsRead == 0);

    /// <summary>Writes it as one JSON value: of one file an object, of several an object with a list of such objects.</summary>
    public void WriteTo(Utf8JsonWriter json) => DataCheckJson.Write(json, this);
}

/// <summary>The scores of a regression.</summary>
/// <param name="Column">The column.</param>
/// <param name="Min">The smallest.</param>
/// <param name="Mean">The mean.</param>
/// <param name="Max">The largest.</param>
/// <param name="Deviation">The standard deviation.</param>
public sealed record ScoreReport(string Column, double Min, double Mean, double Max, double Deviation);

/// <summary>What a check found in a split.</summary>
public sealed record FileCheckReport
{
    /// <summary>The file.</summary>
    public required string File { get; init; }

    /// <summary>Its split.</summary>
    public required string Split { get; init; }

    /// <summary>What was found, errors first.</summary>
    public required IReadOnlyList<CheckFinding> Findings { get; init; }

    /// <summary>Usable rows.</summary>
    public long Rows { get; init; }

    /// <summary>Rows of the file, with those that cannot be used.</summary>
    public long RowsRead { get; init; }

    /// <summary>The columns.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The columns of the task; null where they are not there.</summary>
    public DataColumns? Roles { get; init; }

    /// <summary>What the labels mean; null without labels, and for tags.</summary>
    public ProblemType? Problem { get; init; }

    /// <summary>The format; null where the file could not be opened.</summary>
    public DataFormat? Format { get; init; }

    /// <summary>The encoding; null for files that are not text.</summary>
    public string? Encoding { get; init; }

    /// <summary>The separator of a CSV file.</summary>
    public char? Separator { get; init; }

    /// <summary>Rows by label, of tagged tokens entities by type, in the order of first appearance.</summary>
    public IReadOnlyDictionary<string, long> Labels { get; init; } = new Dictionary<string, long>();

    /// <summary>Lengths in tokens.</summary>
    public LengthReport? Lengths { get; init; }

    /// <summary>Rows by language, as far as it is told.</summary>
    public IReadOnlyDictionary<string, long> Languages { get; init; } = new Dictionary<string, long>();

    /// <summary>The scores of a regression.</summary>
    public IReadOnlyList<ScoreReport> Scores { get; init; } = [];

    /// <summary>What counting words reaches on these rows.</summary>
    public BaselineResult? Baseline { get; init; }

    /// <summary>Whether the findings spoil a run.</summary>
    public CheckOutcome Outcome => Findings.Count == 0 ? CheckOutcome.Accept : Findings.Max(f => f.Severity) switch
    {
        FindingSeverity.Error => CheckOutcome.Reject,
        FindingSeverity.Warning => CheckOutcome.Warn,
        _ => CheckOutcome.Accept,
    };
}

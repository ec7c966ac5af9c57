using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Data;

namespace Atenea.Cli;

/// <summary>
/// The report of <c>atenea data check</c> for programs: of one file an object, of several an object with a list of such objects.
/// </summary>
internal static class DataCheckJson
{
    /// <summary>Builds the value.</summary>
    public static object Of(DataCheckReport report) => report.Files is [var only] ? Of(only) : new { Outcome = Name(report.Outcome), Files = report.Files.Select(Of) };

    /// <summary>The word for a severity.</summary>
    public static string Name(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "info",
    };

    /// <summary>The word for an outcome.</summary>
    public static string Name(CheckOutcome outcome) => outcome switch
    {
        CheckOutcome.Reject => "reject",
        CheckOutcome.Warn => "warn",
        _ => "accept",
    };

    private static object Of(FileCheckReport file) => new
    {
        file.File,
        file.Split,
        Outcome = Name(file.Outcome),
        file.Rows,
        file.RowsRead,
        file.Columns,
        Roles = file.Roles is { } roles ? new { roles.Text, roles.TextPair, roles.Label } : null,
        ProblemType = file.Problem is { } problem ? JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString()) : null,
        Format = file.Format is { } format ? JsonNamingPolicy.SnakeCaseLower.ConvertName(format.ToString()) : null,
        file.Encoding,
        Delimiter = file.Separator?.ToString(),
        // Labels are keys as they are written: the serializer's naming is for properties.
        Labels = Counts(file.Labels),
        file.Lengths,
        Languages = Counts(file.Languages),
        Scores = file.Scores.Count > 0 ? file.Scores : null,
        file.Baseline,
        Findings = file.Findings.Select(f => new { Code = f.Code.Id, Severity = Name(f.Severity), f.Kind, f.Message, f.Remedy, f.Lines, f.Count }),
    };

    private static JsonObject Counts(IReadOnlyDictionary<string, long> counts) => new(counts.Select(c => KeyValuePair.Create(c.Key, (JsonNode?)c.Value)));
}

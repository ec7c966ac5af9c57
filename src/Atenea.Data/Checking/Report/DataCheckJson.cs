using System.Text.Json;
using System.Text.Json.Serialization;

namespace Atenea.Data;

/// <summary>The report of a check for programs: of one file an object, of several an object with a list of such objects.</summary>
internal static class DataCheckJson
{
    /// <summary>Writes a report.</summary>
    public static void Write(Utf8JsonWriter json, DataCheckReport report)
    {
        if (report.Files is [var only]) JsonSerializer.Serialize(json, Of(only), DataCheckContext.Default.CheckedFile);
        else JsonSerializer.Serialize(json, Of(report), DataCheckContext.Default.CheckedFiles);
    }

    private static CheckedFiles Of(DataCheckReport report) => new(report.Outcome.Name(), [.. report.Files.Select(Of)]);

    private static CheckedFile Of(FileCheckReport file) => new(
        file.File,
        file.Split,
        file.Outcome.Name(),
        file.Rows,
        file.RowsRead,
        file.Columns,
        file.Roles,
        file.Problem is { } problem ? JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString()) : null,
        file.Format is { } format ? JsonNamingPolicy.SnakeCaseLower.ConvertName(format.ToString()) : null,
        file.Encoding,
        file.Separator,
        file.Labels,
        file.Lengths,
        file.Languages,
        file.Scores.Count > 0 ? file.Scores : null,
        file.Baseline,
        [.. file.Findings.Select(f => new FoundInFile(f.Code.Id, f.Severity.Name(), f.Kind, f.Message, f.Remedy, f.Lines, f.Count))]);
}

/// <summary>The shape of a report on several files.</summary>
internal sealed record CheckedFiles(string Outcome, IReadOnlyList<CheckedFile> Files);

/// <summary>The shape of a report on one file.</summary>
internal sealed record CheckedFile(
    string File,
    string Split,
    string Outcome,
    long Rows,
    long RowsRead,
    IReadOnlyList<string> Columns,
    DataColumns? Roles,
    string? ProblemType,
    string? Format,
    string? Encoding,
    char? Delimiter,
    IReadOnlyDictionary<string, long> Labels,
    LengthReport? Lengths,
    IReadOnlyDictionary<string, long> Languages,
    IReadOnlyList<ScoreReport>? Scores,
    BaselineResult? Baseline,
    IReadOnlyList<FoundInFile> Findings);

/// <summary>The shape of a finding.</summary>
internal sealed record FoundInFile(
    string Code, string Severity, string Kind, string Message, string Remedy, IReadOnlyList<long> Lines, long Count);

/// <summary>How reports become JSON: snake_case names, and what is not known is left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(CheckedFiles))]
internal sealed partial class DataCheckContext : JsonSerializerContext;

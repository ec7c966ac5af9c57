using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// Reads a file to its end whatever is wrong with it, and says what is: the findings of the reader (encoding, structure, JSON, tags) and of
/// the columns (missing columns, values of other types, missing texts and labels, labels that are numbers in disguise, real numbers,
/// identifiers or a single class).
/// </summary>
/// <example><code>
/// DataInspection inspection = DataInspection.Run("train.csv");
/// foreach (Finding finding in inspection.Findings) Console.WriteLine($"{finding.Severity} {finding.Code.Id} {finding.Message}");
/// </code></example>
public sealed class DataInspection
{
    private DataInspection(IReadOnlyList<Finding> findings) => Findings = findings;

    /// <summary>All that was found.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>
    /// The usable rows: without those that lack a text or a label, labels written one way. Null where nothing could be read.
    /// </summary>
    public Dataset? Data { get; private init; }

    /// <summary>The columns of the task by the file's own names; null where they are missing.</summary>
    public DataColumns? Columns { get; private init; }

    /// <summary>What the labels mean; null without labels.</summary>
    public ProblemType? Problem { get; private init; }

    /// <summary>Rows of the file, with those that could not be used.</summary>
    public long RowsRead { get; private init; }

    /// <summary>The format; null where the file could not be opened.</summary>
    public DataFormat? Format { get; private init; }

    /// <summary>The encoding; null where it is not text or could not be opened.</summary>
    public string? EncodingName { get; private init; }

    /// <summary>The separator of a CSV file.</summary>
    public char? Separator { get; private init; }

    /// <summary>Rows of each class among the usable rows, in the order of their first rows; empty where there are no classes.</summary>
    public IReadOnlyDictionary<string, int> Labels { get; private init; } = new Dictionary<string, int>();

    /// <summary>Whether nothing found is an error.</summary>
    public bool IsSound => Findings.All(f => f.Severity != FindingSeverity.Error);

    /// <summary>Inspects a file.</summary>
    /// <param name="path">The file, or a pattern of files.</param>
    /// <param name="columns">The columns of the task; null takes those of a known layout.</param>
    /// <param name="options">Choices that the file leaves open.</param>
    /// <param name="problem">What the labels mean; null goes by their looks.</param>
    /// <exception cref="AteneaException">The file is missing or unreadable (ATN0401, ATN0402). All else is a finding.</exception>
    public static DataInspection Run(string path, DataColumns? columns = null, ReadOptions? options = null, ProblemType? problem = null)
    {
        var log = new ReadingLog(tolerant: true);
        TypedRows? rows = null;
        TableReader? reader = null;
        try
        {
            reader = TableReader.Open(path, options, log);
            rows = TypedRows.Read(reader);
        }
        catch (AteneaException failure) when (failure.Code != Catalogue.FileMissing && failure.Code != Catalogue.FileUnreadable)
        {
            log.Failure(failure);
        }
        finally
        {
            reader?.Dispose();
        }

        if (reader is null || rows is null || rows.Data.Count == 0)
        {
            if (log.Findings.All(f => f.Severity != FindingSeverity.Error)) log.Failure(new AteneaException(Catalogue.DatasetEmpty, "no rows", path));
            return new DataInspection(log.Findings) { Format = reader?.Format, EncodingName = reader?.EncodingName, RowsRead = log.SkippedRows };
        }

        DataColumns? roles = ColumnRoles.Resolve(rows.Data.Columns, columns, log);
        var checks = new ColumnChecks(rows, log);
        Dataset data = roles is null ? rows.Data : checks.Run(roles, problem);
        bool classes = checks.Problem == ProblemType.SingleLabelClassification;
        return new DataInspection(log.Findings)
        {
            Data = data,
            Columns = roles,
            Problem = roles is { Label.Count: > 0 } ? checks.Problem : null,
            RowsRead = rows.Data.Count + log.SkippedRows,
            Format = reader.Format,
            EncodingName = reader.EncodingName,
            Separator = reader.Separator,
            Labels = roles is { Label: [string label] } && classes
                ? data.Column(label).CountBy(l => l ?? "").ToDictionary(g => g.Key, g => g.Value, StringComparer.Ordinal)
                : new Dictionary<string, int>(),
        };
    }
}

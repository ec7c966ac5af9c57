using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Finds the columns of a task in a file.</summary>
internal static class ColumnRoles
{
    private static readonly DataColumns[] Known =
    [
        new("text", null, ["label"]),
        new("tokens", null, ["tags"]),
        new("tokens", null, ["ner_tags"]),
        new("sentence1", "sentence2", ["score"]),
        new("sentence1", "sentence2", ["label"]),
        new("premise", "hypothesis", ["label"]),
        new("question1", "question2", ["label"]),
        new("sentence", null, ["label"]),
        new("review", null, ["label"]),
    ];

    /// <summary>
    /// The columns that are named, else those of a layout that is known: text and label; tokens and tags; sentence1, sentence2 and score or
    /// label; premise, hypothesis and label; sentence and label. A guess is noted.
    /// </summary>
    /// <param name="columns">The file's columns.</param>
    /// <param name="wanted">The columns that are named, or null.</param>
    /// <param name="log">Told of guesses and near names.</param>
    /// <returns>The columns by the file's own names; null if some are missing, which the log is told of as an error.</returns>
    public static DataColumns? Resolve(IReadOnlyList<string> columns, DataColumns? wanted, ReadingLog log)
    {
        bool Has(string name) => ColumnNames.Find(columns, name) is not null;
        bool Fits(DataColumns roles) => Has(roles.Text) && (roles.TextPair is null || Has(roles.TextPair)) && roles.Label.All(Has);
        DataColumns roles = wanted ?? Array.Find(Known, Fits) ?? DataColumns.Default;
        if (columns is ["text"] && wanted is null) return roles with { Label = [] }; // plain text has no labels
        if (wanted is null && Fits(roles) && roles != Known[0])
        {
            string pair = roles.TextPair is null ? "" : $", text_pair={roles.TextPair}";
            log.Note(Catalogue.ColumnsGuessed, $"columns taken by their names: text={roles.Text}{pair}, label={roles.Label[0]}",
                severity: FindingSeverity.Information);
        }

        string[] missing = [.. new[] { roles.Text, roles.TextPair }.Concat(roles.Label).Where(c => c is not null && !Has(c))!];
        if (missing.Length > 0)
        {
            bool noHeader = log.Count(Catalogue.HeaderMissing) > 0;
            log.Note(Catalogue.ColumnMissing,
                $"no {(missing.Length == 1 ? "column" : "columns")} {string.Join(" and ", missing.Select(m => $"'{m}'"))}"
                + (noHeader ? ": the first line looks like data" : $"; the columns are {string.Join(", ", columns)}"),
                severity: FindingSeverity.Error, remedy: noHeader ? "add a header, or name the columns with data.columns" : null);
            return null;
        }

        string Exact(string name)
        {
            string own = columns[ColumnNames.Find(columns, name)!.Value];
            if (own != name) log.Note(Catalogue.HeaderNormalised, $"column '{own}' was taken as {name}", 1, own);
            return own;
        }

        return new DataColumns(Exact(roles.Text), roles.TextPair is { } second ? Exact(second) : null, [.. roles.Label.Select(Exact)]);
    }
}

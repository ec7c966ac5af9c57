namespace Atenea.Data;

/// <summary>Looks for the columns of a task where their names are not the usual ones.</summary>
internal static class ColumnSearch
{
    private const int MostRows = 1_000;

    /// <summary>Layouts of texts that a test split may have without labels.</summary>
    private static readonly DataColumns[] Unlabelled =
    [
        new("text", null, []),
        new("sentence1", "sentence2", []),
        new("premise", "hypothesis", []),
        new("question1", "question2", []),
        new("sentence", null, []),
        new("review", null, []),
    ];

    /// <summary>The texts of a file whose labels are withheld; null if there are none by name.</summary>
    /// <param name="columns">The file's columns.</param>
    /// <param name="wanted">The columns that are named, or null.</param>
    public static DataColumns? WithoutLabels(IReadOnlyList<string> columns, DataColumns? wanted)
    {
        bool Has(string? name) => name is null || ColumnNames.Find(columns, name) is not null;
        return Array.Find(wanted is null ? Unlabelled : [wanted with { Label = [] }], c => Has(c.Text) && Has(c.TextPair));
    }

    /// <summary>
    /// The options that would name the columns: the one with the longest texts, and of the others the one with the fewest values; null
    /// where nothing fits.
    /// </summary>
    public static string? Suggest(Dataset data)
    {
        Dataset sample = data.Take(MostRows);
        if (sample.Columns.Count < 2 || sample.Count < 2) return null;
        string text = sample.Columns.MaxBy(c => sample.Column(c).Sum(t => (long)(t?.Length ?? 0)))!;
        string? label = sample.Columns.Where(c => c != text)
            .Select(c => (Column: c, Values: sample.Column(c).Distinct(StringComparer.Ordinal).Count()))
            .Where(c => c.Values >= 2 && c.Values <= sample.Count / 2).OrderBy(c => c.Values).FirstOrDefault().Column;
        return label is null
            ? null
            : $"if these are the right ones, name them: --text {Quoted(text)} --label {Quoted(label)} "
                + "(data.text and data.label in a config)";
    }

    private static string Quoted(string name) => name.All(c => char.IsLetterOrDigit(c) || c is '_' or '-' or '.') ? name : $"\"{name}\"";
}

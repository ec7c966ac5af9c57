using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Operations that make a data set from another, named and meant as those of Hugging Face datasets. Cells are shared wherever they stay the
/// same.
/// </summary>
public sealed partial class Dataset
{
    /// <summary>Some rows in some order; a row may occur several times.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such row.</exception>
    public Dataset Select(IReadOnlyList<int> rows)
    {
        var selected = new int[rows.Count];
        for (int i = 0; i < selected.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)rows[i], (uint)Count, nameof(rows));
            selected[i] = _rows?[rows[i]] ?? rows[i];
        }

        return With(_columns, _cells, selected);
    }

    /// <summary>The first rows only.</summary>
    /// <param name="count">At most so many.</param>
    public Dataset Take(int count) => count >= Count ? this : Select([.. Enumerable.Range(0, count)]);

    /// <summary>The rows in random order, as <c>shuffle(seed=seed)</c> of Hugging Face datasets orders them.</summary>
    public Dataset Shuffle(ulong seed) => Select(new Pcg64(seed).Permutation(Count));

    /// <summary>Rows drawn at random, as <c>sample(n=count, random_state=seed)</c> of pandas draws them.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="replace">Whether a row may be drawn more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are fewer rows, and none may repeat.</exception>
    public Dataset Sample(int count, uint seed, bool replace = false) => Select(RowSample.Draw(Count, count, seed, replace));

    /// <summary>Splits the rows at random into <c>train</c> and <c>test</c>.</summary>
    /// <param name="testSize">Below 1 a share of the rows, else a number of rows.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="stratify">A column of labels whose shares both parts keep; null for none.</param>
    /// <param name="method">Whose random numbers are used.</param>
    /// <exception cref="AteneaException">The rows cannot be split like that (ATN0213), or there is no such column (ATN0205).</exception>
    public DatasetDict TrainTestSplit(double testSize, ulong seed, string? stratify = null, SplitMethod method = SplitMethod.ScikitLearn)
    {
        RowSplit split = stratify is null
            ? Data.TrainTestSplit.Random(Count, testSize, seed, method: method)
            : Data.TrainTestSplit.Stratified(Classes(stratify), testSize, seed, method: method);
        return new DatasetDict([new("train", Select(split.Train)), new("test", Select(split.Test))]);
    }

    /// <summary>
    /// Cross-validation folds, as scikit-learn's <c>KFold</c> or, with a column of labels, <c>StratifiedKFold</c> makes them.
    /// </summary>
    /// <param name="folds">Number of folds.</param>
    /// <param name="seed">Shuffles first; null takes the rows in order.</param>
    /// <param name="stratify">A column of labels whose shares the folds keep; null for none.</param>
    /// <exception cref="AteneaException">The rows do not fit the folds (ATN0213), or there is no such column (ATN0205).</exception>
    public IReadOnlyList<DatasetDict> KFold(int folds, uint? seed = null, string? stratify = null) =>
    [
        .. (stratify is null ? Folds.Plain(Count, folds, seed) : Folds.Stratified(Classes(stratify), folds, seed))
            .Select(split => new DatasetDict([new("train", Select(split.Train)), new("test", Select(split.Test))])),
    ];

    /// <summary>The rows for which a condition holds.</summary>
    public Dataset Filter(Func<DatasetRow, bool> condition) =>
        Select([.. Enumerable.Range(0, Count).Where(row => condition(new DatasetRow(this, row)))]);

    /// <summary>Computes a column from each row: a new one behind the others, or one in place of another.</summary>
    public Dataset Map(string column, Func<DatasetRow, string?> value)
    {
        string?[] cells = [.. Enumerable.Range(0, Count).Select(row => value(new DatasetRow(this, row)))];
        int index = Array.IndexOf(_columns, column);
        IReadOnlyList<string?>[] all = [.. _cells.Select(Selected)];
        string[] columns = index < 0 ? [.. _columns, column] : _columns;
        if (index < 0) all = [.. all, cells];
        else all[index] = cells;
        return new Dataset(Source, columns, all, Selected(_lines)) { Findings = Findings, ClassNames = Without(column) };
    }

    /// <summary>Gives a column another name.</summary>
    /// <exception cref="AteneaException">There is no such column (ATN0205), or the new name is taken (ATN0202).</exception>
    public Dataset Rename(string from, string to)
    {
        int index = IndexOf(from);
        if (_columns[index] != to && _columns.Contains(to, StringComparer.Ordinal))
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"column '{to}' occurs twice", Source,
                "rename or remove the other one first");
        }

        string[] columns = [.. _columns];
        columns[index] = to;
        var names = new Dictionary<string, IReadOnlyList<string>>(Without(_columns[index]), StringComparer.Ordinal);
        if (ClassNames.TryGetValue(_columns[index], out IReadOnlyList<string>? own)) names[to] = own;
        return new Dataset(Source, columns, _cells, _lines, _rows) { Findings = Findings, ClassNames = names };
    }

    /// <summary>Some columns only, in the order named.</summary>
    /// <exception cref="AteneaException">There is no such column (ATN0205).</exception>
    public Dataset Keep(params IReadOnlyList<string> columns)
    {
        int[] indices = [.. columns.Select(IndexOf)];
        return With([.. indices.Select(i => _columns[i])], [.. indices.Select(i => _cells[i])], _rows);
    }

    /// <summary>All columns but some.</summary>
    /// <exception cref="AteneaException">There is no such column (ATN0205).</exception>
    public Dataset Remove(params IReadOnlyList<string> columns)
    {
        HashSet<int> gone = [.. columns.Select(IndexOf)];
        return Keep([.. _columns.Where((_, i) => !gone.Contains(i))]);
    }

    /// <summary>
    /// Declares the values of a column to be classes, their ids in sorted order (numbers by value), as <c>class_encode_column</c>.
    /// </summary>
    /// <exception cref="AteneaException">There is no such column (ATN0205), or a row has no value (ATN0209).</exception>
    public Dataset ClassEncode(string column)
    {
        IReadOnlyList<string?> cells = Column(column);
        for (int row = 0; row < cells.Count; row++)
        {
            if (string.IsNullOrWhiteSpace(cells[row]))
                throw new AteneaException(Catalogue.LabelInvalid, "the row has no label", Place(row));
        }

        var names = new Dictionary<string, IReadOnlyList<string>>(ClassNames, StringComparer.Ordinal)
        {
            [_columns[IndexOf(column)]] = LabelSet.FromValues(cells.Select(c => c!)).Names,
        };
        return new Dataset(Source, _columns, _cells, _lines, _rows) { Findings = Findings, ClassNames = names };
    }

    /// <summary>The rows of this data set and those of another with the same columns.</summary>
    /// <exception cref="AteneaException">The columns differ (ATN0205).</exception>
    public Dataset Concatenate(Dataset other)
    {
        if (other._columns.Length != _columns.Length)
        {
            throw new AteneaException(Catalogue.ColumnMissing,
                $"the columns are {string.Join(", ", other._columns)}, those of {Source} are {string.Join(", ", _columns)}", other.Source);
        }

        return new Dataset(Source, _columns, [.. _columns.Select(c => (IReadOnlyList<string?>)[.. Column(c), .. other.Column(c)])],
            [.. Selected(_lines), .. other.Selected(other._lines)])
        {
            Findings = [.. Findings, .. other.Findings],
            ClassNames = ClassNames,
        };
    }

    /// <summary>The class of each row by a column of labels, for stratification: ids of its class names, or of its sorted values.</summary>
    private int[] Classes(string column)
    {
        LabelSet labels = ClassNames.TryGetValue(_columns[IndexOf(column)], out IReadOnlyList<string>? names)
            ? new LabelSet(names)
            : LabelSet.FromValues(Column(column).Select(c => c ?? ""));
        return LabelReader.Ids(this, new DataColumns(column, null, [column]), labels);
    }

    private Dictionary<string, IReadOnlyList<string>> Without(string column) =>
        ClassNames.Where(c => c.Key != column).ToDictionary(c => c.Key, c => c.Value, StringComparer.Ordinal);

    private Dataset With(string[] columns, IReadOnlyList<string?>[] cells, int[]? rows) => new(Source, columns, cells, _lines, rows)
    {
        Findings = Findings,
        ClassNames = ClassNames,
    };
}

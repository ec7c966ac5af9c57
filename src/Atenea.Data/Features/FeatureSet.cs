using Atenea.Errors;
using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>
/// Rows as a model takes them: sequences of token ids one after another, without padding, where each begins, which row it was made of, and
/// the labels that go with it. Rows are tokenised in parallel; their features lie in the rows' order.
/// </summary>
/// <example><code>
/// FeatureSet features = FeatureSet.FromTexts(rows, DataColumns.Default, tokenizer, maxLength: 60);
/// ReadOnlySpan&lt;int&gt; ids = features.Ids(0);
/// </code></example>
public sealed class FeatureSet
{
    private readonly int[] _ids;
    private readonly int[] _typeIds;
    private readonly int[]? _marks;
    private readonly int[] _offsets; // first token of each feature, and the number of tokens at the end
    private readonly int[] _rows;

    private FeatureSet(Dataset source, FeatureArrays arrays)
    {
        Source = source;
        (_ids, _typeIds, _marks, _offsets, _rows) = (arrays.Ids, arrays.TypeIds, arrays.Marks, arrays.Offsets, arrays.Rows);
        TruncatedRows = arrays.TruncatedRows;
        Lengths = [.. Enumerable.Range(0, _rows.Length).Select(feature => _offsets[feature + 1] - _offsets[feature])];
    }

    /// <summary>The rows that the features were made of.</summary>
    public Dataset Source { get; }

    /// <summary>Number of features.</summary>
    public int Count => _rows.Length;

    /// <summary>Number of tokens of all features, special tokens included.</summary>
    public long Tokens => _ids.Length;

    /// <summary>Number of tokens of each feature.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Rows of which some text is in no feature.</summary>
    public int TruncatedRows { get; }

    /// <summary>Rows without any text.</summary>
    public int EmptyRows { get; private init; }

    /// <summary>Labels that belong to whole features, by their names.</summary>
    public IReadOnlyList<FeatureLabels> Labels { get; private set; } = [];

    /// <summary>Tokenises texts or pairs, one feature each.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns hold the texts.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="maxLength">Most tokens of a row, special ones included; longer rows are cut and counted. Null for no limit.</param>
    /// <param name="threads">Number of threads; 0 for all cores.</param>
    /// <exception cref="AteneaException">
    /// A column is missing (ATN0205), every text is empty (ATN0207), or there are more than 2^31-1 tokens (ATN0212).
    /// </exception>
    public static FeatureSet FromTexts(
        Dataset data, DataColumns columns, Tokenizer tokenizer, int? maxLength = null, int threads = 0)
    {
        IReadOnlyList<string?> texts = data.Column(columns.Text);
        IReadOnlyList<string?>? pairs = columns.TextPair is { } pair ? data.Column(pair) : null;
        int empty = CountEmpty(data, columns.Text);
        if (pairs is not null) CountEmpty(data, columns.TextPair!);
        var options = new EncodeOptions { MaxLength = maxLength };
        return FromRows(data, threads, empty, row =>
        {
            Encoding encoding = tokenizer.Encode(texts[row] ?? "", pairs?[row] ?? (pairs is null ? null : ""), options);
            return new RowFeatures([new Feature(encoding.Ids, encoding.TypeIds)], encoding.WasTruncated);
        });
    }

    /// <summary>Makes features of rows in parallel.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="threads">Number of threads; 0 for all cores.</param>
    /// <param name="emptyRows">How many rows have no text, for reports.</param>
    /// <param name="encode">The features of a row, all with marks or none; called from several threads.</param>
    /// <exception cref="AteneaException">There are more than 2^31-1 tokens (ATN0212), or what the function throws.</exception>
    public static FeatureSet FromRows(Dataset data, int threads, int emptyRows, Func<int, RowFeatures> encode)
    {
        var rows = new RowFeatures[data.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount };
        try
        {
            Parallel.For(0, rows.Length, parallel, row => rows[row] = encode(row));
        }
        catch (AggregateException several) when (several.InnerExceptions.OfType<AteneaException>().FirstOrDefault() is { } first)
        {
            throw first;
        }

        return new FeatureSet(data, FeatureArrays.Flatten(data, rows)) { EmptyRows = emptyRows };
    }

    /// <summary>The rows of a column without any text; at least one row must have some.</summary>
    /// <exception cref="AteneaException">The column is missing (ATN0205), or every text is empty (ATN0207).</exception>
    public static int CountEmpty(Dataset data, string column)
    {
        int empty = data.Column(column).Count(TextCheck.IsEmpty);
        return empty < data.Count
            ? empty
            : throw new AteneaException(Catalogue.TextsEmpty, $"all {data.Count} texts", $"{data.Source}: {column}");
    }

    /// <summary>Stored arrays as the features of rows; null if they do not fit each other or the rows.</summary>
    internal static FeatureSet? FromArrays(Dataset data, FeatureArrays arrays, int emptyRows) =>
        arrays.Fit(data.Count) ? new FeatureSet(data, arrays) { EmptyRows = emptyRows } : null;

    /// <summary>Everything but the labels, for storing.</summary>
    internal FeatureArrays Arrays => new(_ids, _typeIds, _marks, _offsets, _rows, TruncatedRows);

    /// <summary>
    /// The same tokens in blocks of one size, across the ends of rows; what is left at the end is dropped unless it is all there is. A
    /// block's row is that of its first token.
    /// </summary>
    /// <param name="size">Tokens of a block, at least 1.</param>
    public FeatureSet InBlocks(int size)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        int blocks = _ids.Length < size ? 1 : _ids.Length / size, tokens = Math.Min(_ids.Length, blocks * size);
        var rows = new int[blocks];
        for (int block = 0, feature = 0; block < blocks; block++)
        {
            while (_offsets[feature + 1] <= block * size) feature++;
            rows[block] = _rows[feature];
        }

        int[] offsets = [.. Enumerable.Range(0, blocks + 1).Select(block => Math.Min(tokens, block * size))];
        return new FeatureSet(Source, new(_ids[..tokens], _typeIds[..tokens], _marks?[..tokens], offsets, rows, TruncatedRows))
        {
            EmptyRows = EmptyRows,
        };
    }

    /// <summary>Adds labels of whole features.</summary>
    /// <returns>This set.</returns>
    public FeatureSet WithLabels(FeatureLabels labels)
    {
        Labels = [.. Labels, labels];
        return this;
    }

    /// <summary>The labels of a name.</summary>
    public FeatureLabels LabelsNamed(string name) => Labels.First(labels => labels.Name == name);

    /// <summary>The token ids of a feature.</summary>
    public ReadOnlySpan<int> Ids(int feature) => _ids.AsSpan(_offsets[feature], Lengths[feature]);

    /// <summary>The segment of each token of a feature: 0 first, 1 second text of a pair.</summary>
    public ReadOnlySpan<int> TypeIds(int feature) => _typeIds.AsSpan(_offsets[feature], Lengths[feature]);

    /// <summary>The mark of each token of a feature; empty without marks.</summary>
    public ReadOnlySpan<int> Marks(int feature) => _marks is null ? [] : _marks.AsSpan(_offsets[feature], Lengths[feature]);

    /// <summary>The row that a feature was made of.</summary>
    public int Row(int feature) => _rows[feature];

    /// <summary>The place of a feature's row in its source, for messages.</summary>
    public string Place(int feature) => Source.Place(_rows[feature]);
}

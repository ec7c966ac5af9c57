using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Data;

/// <summary>
/// A data set as token ids: the ids of all rows one after another, without padding, and where each row begins; and its labels, if they were
/// read. Rows are tokenised in parallel and lie in the data set's order.
/// </summary>
public sealed class EncodedDataset
{
    private readonly int[] _ids;
    private readonly int[] _typeIds;
    private readonly int[] _offsets;
    private readonly Dataset _source;
    private int[]? _labels;
    private float[]? _targets;

    private EncodedDataset(Dataset source, int[] ids, int[] typeIds, int[] offsets)
    {
        _source = source;
        _ids = ids;
        _typeIds = typeIds;
        _offsets = offsets;
        Lengths = [.. Enumerable.Range(0, source.Count).Select(row => offsets[row + 1] - offsets[row])];
    }

    /// <summary>Number of rows.</summary>
    public int Count => _source.Count;

    /// <summary>Number of tokens of all rows, special tokens included.</summary>
    public long Tokens => _ids.Length;

    /// <summary>Number of tokens of each row.</summary>
    public IReadOnlyList<int> Lengths { get; }

    /// <summary>Rows that were cut to the longest length allowed.</summary>
    public int TruncatedRows { get; private init; }

    /// <summary>Rows without any text; they consist of special tokens alone.</summary>
    public int EmptyRows { get; private init; }

    /// <summary>Label id of each row, after <see cref="SetLabels"/>; else empty.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>Targets of each row, [rows, <see cref="TargetWidth"/>], after <see cref="SetTargets"/>; else empty.</summary>
    public ReadOnlySpan<float> Targets => _targets;

    /// <summary>Number of targets per row; 0 without targets.</summary>
    public int TargetWidth { get; private set; }

    /// <summary>Tokenises the texts of a data set.</summary>
    /// <param name="data">The rows.</param>
    /// <param name="columns">Which columns hold the texts.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="maxLength">Most tokens of a row, special ones included; longer rows are cut and counted. Null for no limit.</param>
    /// <param name="threads">Number of threads; 0 for all cores.</param>
    /// <exception cref="AteneaException">
    /// A column is missing (ATN0205), every text is empty (ATN0207), or there are more than 2^31-1 tokens (ATN0212).
    /// </exception>
    public static EncodedDataset Encode(Dataset data, DataColumns columns, Tokenizer tokenizer, int? maxLength = null, int threads = 0)
    {
        IReadOnlyList<string?> texts = data.Column(columns.Text);
        IReadOnlyList<string?>? pairs = columns.TextPair is { } pair ? data.Column(pair) : null;
        int empty = CountEmpty(data, columns.Text, texts);
        if (pairs is not null) CountEmpty(data, columns.TextPair!, pairs);

        var options = new EncodeOptions { MaxLength = maxLength };
        var rows = new (int[] Ids, int[] TypeIds, bool Truncated)[data.Count];
        Parallel.For(0, rows.Length, new ParallelOptions { MaxDegreeOfParallelism = threads > 0 ? threads : Environment.ProcessorCount }, row =>
        {
            Encoding encoding = tokenizer.Encode(texts[row] ?? "", pairs?[row] ?? (pairs is null ? null : ""), options);
            rows[row] = (encoding.Ids, encoding.TypeIds, encoding.WasTruncated);
        });
        return Flatten(data, rows, empty);
    }

    /// <summary>The ids and segments of all tokens and where each row begins, for storing.</summary>
    internal (int[] Ids, int[] TypeIds, int[] Offsets) Arrays => (_ids, _typeIds, _offsets);

    /// <summary>Takes stored arrays; null if they do not fit the data set or each other.</summary>
    internal static EncodedDataset? FromArrays(Dataset data, DataColumns columns, int[] ids, int[] typeIds, int[] offsets, int truncated)
    {
        bool fits = typeIds.Length == ids.Length && offsets.Length == data.Count + 1 && offsets[0] == 0 && offsets[^1] == ids.Length;
        for (int row = 0; fits && row < data.Count; row++) fits = offsets[row] <= offsets[row + 1];
        return !fits ? null : new EncodedDataset(data, ids, typeIds, offsets)
        {
            TruncatedRows = truncated,
            EmptyRows = CountEmpty(data, columns.Text, data.Column(columns.Text)),
        };
    }

    /// <summary>Reads the labels as ids, for one class of several.</summary>
    /// <inheritdoc cref="LabelReader.Ids" path="/exception"/>
    public EncodedDataset SetLabels(DataColumns columns, LabelSet labels)
    {
        _labels = LabelReader.Ids(_source, columns, labels);
        return this;
    }

    /// <summary>Reads the labels as numbers: 0 and 1 for each label of a multi-label task, or the numbers to regress.</summary>
    /// <inheritdoc cref="LabelReader.MultiHot" path="/exception"/>
    public EncodedDataset SetTargets(DataColumns columns, LabelSet labels, ProblemType problem)
    {
        bool regression = problem == ProblemType.Regression;
        _targets = regression ? LabelReader.Numbers(_source, columns) : LabelReader.MultiHot(_source, columns, labels);
        TargetWidth = regression ? columns.Label.Count : labels.Count;
        return this;
    }

    /// <summary>The token ids of a row.</summary>
    public ReadOnlySpan<int> Ids(int row) => _ids.AsSpan(_offsets[row], Lengths[row]);

    /// <summary>The segment of each token of a row: 0 first, 1 second text of a pair.</summary>
    public ReadOnlySpan<int> TypeIds(int row) => _typeIds.AsSpan(_offsets[row], Lengths[row]);

    /// <summary>The place of a row in its source, for messages.</summary>
    public string Place(int row) => _source.Place(row);

    private static int CountEmpty(Dataset data, string column, IReadOnlyList<string?> texts)
    {
        int empty = texts.Count(TextCheck.IsEmpty);
        return empty < data.Count
            ? empty
            : throw new AteneaException(Catalogue.TextsEmpty, $"all {data.Count} texts", $"{data.Source}: {column}");
    }

    private static EncodedDataset Flatten(Dataset data, (int[] Ids, int[] TypeIds, bool Truncated)[] rows, int empty)
    {
        var offsets = new int[rows.Length + 1];
        long total = 0;
        for (int row = 0; row < rows.Length; row++)
        {
            total += rows[row].Ids.Length;
            if (total > Array.MaxLength) throw new AteneaException(Catalogue.DatasetTooLarge, $"more than {Array.MaxLength} tokens", data.Source);
            offsets[row + 1] = (int)total;
        }

        var ids = new int[total];
        var typeIds = new int[total];
        for (int row = 0; row < rows.Length; row++)
        {
            rows[row].Ids.CopyTo(ids, offsets[row]);
            rows[row].TypeIds.CopyTo(typeIds, offsets[row]);
        }

        return new EncodedDataset(data, ids, typeIds, offsets) { TruncatedRows = rows.Count(r => r.Truncated), EmptyRows = empty };
    }
}

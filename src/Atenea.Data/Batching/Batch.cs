namespace Atenea.Data;

/// <summary>
/// Rows that go through a model together: their token ids one after another, without padding, and where each row begins. Filling it again
/// reuses its buffers; once they have met the largest batch, nothing is allocated.
/// </summary>
public sealed class Batch
{
    private int[] _ids = [];
    private int[] _typeIds = [];
    private int[] _offsets = [0];
    private int[] _rows = [];
    private int[] _labels = [];
    private float[] _targets = [];
    private int _labelCount;
    private int _targetCount;

    /// <summary>Number of rows.</summary>
    public int Count { get; private set; }

    /// <summary>Number of tokens of all rows.</summary>
    public int Tokens { get; private set; }

    /// <summary>Number of tokens of the longest row.</summary>
    public int LongestRow { get; private set; }

    /// <summary>Token ids, [<see cref="Tokens"/>].</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Tokens);

    /// <summary>Segment of each token, [<see cref="Tokens"/>].</summary>
    public ReadOnlySpan<int> TypeIds => _typeIds.AsSpan(0, Tokens);

    /// <summary>First token of each row, and the number of tokens at the end: [<see cref="Count"/> + 1].</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The rows of the data set, [<see cref="Count"/>]; for messages and for putting results back in order.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, Count);

    /// <summary>Label ids, [<see cref="Count"/>]; empty when the data set has none.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _labelCount);

    /// <summary>Targets, [<see cref="Count"/>, targets per row]; empty when the data set has none.</summary>
    public ReadOnlySpan<float> Targets => _targets.AsSpan(0, _targetCount);

    /// <summary>Takes rows of a data set, in this order.</summary>
    /// <param name="data">The data set.</param>
    /// <param name="rows">Its rows.</param>
    public void Fill(EncodedDataset data, ReadOnlySpan<int> rows)
    {
        int tokens = 0, longest = 0;
        foreach (int row in rows)
        {
            tokens += data.Lengths[row];
            longest = Math.Max(longest, data.Lengths[row]);
        }

        Reserve(tokens, rows.Length, data);

        int at = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            int row = rows[i];
            data.Ids(row).CopyTo(_ids.AsSpan(at));
            data.TypeIds(row).CopyTo(_typeIds.AsSpan(at));
            at += data.Lengths[row];
            _offsets[i + 1] = at;
            _rows[i] = row;
            if (!data.Labels.IsEmpty) _labels[i] = data.Labels[row];
            if (data.TargetWidth > 0)
                data.Targets.Slice(row * data.TargetWidth, data.TargetWidth).CopyTo(_targets.AsSpan(i * data.TargetWidth));
        }

        Count = rows.Length;
        Tokens = tokens;
        LongestRow = longest;
        _labelCount = data.Labels.IsEmpty ? 0 : rows.Length;
        _targetCount = rows.Length * data.TargetWidth;
    }

    private void Reserve(int tokens, int rows, EncodedDataset data)
    {
        Grow(ref _ids, tokens);
        Grow(ref _typeIds, tokens);
        Grow(ref _offsets, rows + 1);
        Grow(ref _rows, rows);
        Grow(ref _labels, data.Labels.IsEmpty ? 0 : rows);
        Grow(ref _targets, rows * data.TargetWidth);
    }

    private static void Grow<T>(ref T[] buffer, int needed)
    {
        if (buffer.Length < needed) buffer = new T[Math.Max(needed, buffer.Length * 2)];
    }
}

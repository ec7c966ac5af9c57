namespace Atenea.Models;

/// <summary>
/// The tokens that have a label, and their labels: language models are trained on few tokens of a sequence, and what the others' decoders
/// would compute decides nothing. Its buffers are kept from batch to batch.
/// </summary>
internal sealed class LabelledTokens
{
    private int[] _rows = new int[64];
    private int[] _labels = new int[64];
    private int _count;

    /// <summary>Numbers of tokens in the batch.</summary>
    public ReadOnlySpan<int> Rows => _rows.AsSpan(0, _count);

    /// <summary>Their labels.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(0, _count);

    /// <summary>Begins anew.</summary>
    public void Clear() => _count = 0;

    /// <summary>Adds a token.</summary>
    public void Add(int row, int label)
    {
        if (_count == _rows.Length)
        {
            Array.Resize(ref _rows, _count * 2);
            Array.Resize(ref _labels, _count * 2);
        }

        _rows[_count] = row;
        _labels[_count] = label;
        _count++;
    }

    /// <summary>Takes the tokens whose label is not <see cref="ClassificationLoss.Ignored"/>.</summary>
    public void Take(ReadOnlySpan<int> labels)
    {
        Clear();
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] != ClassificationLoss.Ignored) Add(i, labels[i]);
        }
    }

    /// <summary>Takes the tokens whose next token, in the same sequence, has a label, with that label.</summary>
    public void TakeNext(ReadOnlySpan<int> labels, ReadOnlySpan<int> offsets)
    {
        Clear();
        for (int s = 0; s < offsets.Length - 1; s++)
        {
            for (int token = offsets[s]; token < offsets[s + 1] - 1; token++)
            {
                if (labels[token + 1] != ClassificationLoss.Ignored) Add(token, labels[token + 1]);
            }
        }
    }
}

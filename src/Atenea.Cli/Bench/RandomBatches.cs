using Atenea.Models;

namespace Atenea.Cli;

/// <summary>Batches of random token ids, of one length or of the lengths of a real corpus in order.</summary>
internal sealed class RandomBatches
{
    private const int FirstId = 1000; // The ids below are special or unused, as in the peer kit.

    private readonly Random _random = new(1);
    private readonly int _sequences;
    private readonly int[] _lengths;
    private readonly int _firstId;
    private readonly int _lastId;
    private readonly int[] _ids;
    private int _next;

    /// <summary>Prepares the batches.</summary>
    /// <param name="sequences">Sequences in a batch.</param>
    /// <param name="lengths">Tokens of the sequences in order; begun again at the end.</param>
    /// <param name="vocabularySize">Ids lie below it.</param>
    public RandomBatches(int sequences, int[] lengths, int vocabularySize)
    {
        _sequences = sequences;
        _lengths = lengths;
        _lastId = Math.Max(0, vocabularySize - 2);
        _firstId = Math.Min(FirstId, _lastId);
        _ids = new int[lengths.Max()];
    }

    /// <summary>Tokens given so far.</summary>
    public long Tokens { get; private set; }

    /// <summary>Fills a batch anew.</summary>
    public void Fill(InputBatch batch)
    {
        batch.Clear();
        for (int s = 0; s < _sequences; s++)
        {
            Span<int> ids = _ids.AsSpan(0, _lengths[_next]);
            foreach (ref int id in ids) id = _random.Next(_firstId, _lastId + 1);
            batch.Add(ids);
            _next = (_next + 1) % _lengths.Length;
        }

        Tokens += batch.Tokens;
    }

    /// <summary>Fills class ids, of the first two classes.</summary>
    public void FillLabels(Span<int> labels)
    {
        foreach (ref int label in labels) label = _random.Next(2);
    }
}

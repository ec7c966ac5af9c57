using System.Text;
using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>
/// Unigram (Kudo 2018): the segmentation of highest total score, found by Viterbi over a trie in double precision. Starts are taken in
/// ascending order and a candidate wins only if strictly better, so among equals the longest last piece does.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>What an unknown character costs beyond the lowest score.</summary>
    private const double UnknownPenalty = 10.0;

    private readonly double[] _scores;
    private readonly Trie _trie;
    private readonly double _unknownScore;
    private readonly int? _unknownId;
    private readonly bool _byteFallback;
    private readonly int[]? _bytes;

    /// <summary>Creates the model.</summary>
    /// <param name="vocabulary">Pieces; ids are their positions.</param>
    /// <param name="scores">A score per id.</param>
    /// <param name="unknownId">The unknown piece's id, or null.</param>
    /// <param name="byteFallback">Whether unknown text is written in byte pieces where the vocabulary has them all.</param>
    public UnigramModel(Vocabulary vocabulary, double[] scores, int? unknownId, bool byteFallback)
        : base(vocabulary)
    {
        _scores = scores;
        _unknownId = unknownId;
        _byteFallback = byteFallback;
        _bytes = byteFallback ? ByteFallback.Ids(vocabulary) : null;
        _unknownScore = (scores.Length == 0 ? 0 : scores.Min()) - UnknownPenalty;
        _trie = new Trie(vocabulary.Count * 4);
        foreach ((string piece, int id) in vocabulary.InOrder())
        {
            _trie.Add(piece, id);
        }
    }

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override bool UnknownShowsText => true;

    /// <summary>The scores by id.</summary>
    public ReadOnlySpan<double> Scores => _scores;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "Unigram");
        if (_unknownId is { } unknown)
        {
            writer.WriteNumber("unk_id", unknown);
        }
        else
        {
            writer.WriteNull("unk_id");
        }

        writer.WriteStartArray("vocab");
        foreach ((string piece, int id) in Vocabulary.InOrder())
        {
            writer.WriteStartArray();
            writer.WriteStringValue(piece);
            ScoreText.Write(writer, _scores[id]);
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteBoolean("byte_fallback", _byteFallback);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch)
    {
        int size = word.Length;
        double[] best = scratch.Doubles(size + 1);
        int[] from = scratch.Ints(0, size + 1);
        int[] ids = scratch.Ints(1, size + 1);
        from.AsSpan(0, size + 1).Fill(-1);
        best[0] = 0;
        for (int start = 0; start < size;)
        {
            int length = char.IsHighSurrogate(word[start]) && start + 1 < size ? 2 : 1;
            double here = best[start];
            bool hasSingle = false;
            int node = Trie.Root;
            for (int end = start; end < size;)
            {
                node = _trie.Child(node, word[end]);
                if (node < 0)
                {
                    break;
                }

                end++;
                int id = _trie.ValueAt(node);
                if (id >= 0)
                {
                    double score = _scores[id] + here;
                    if (from[end] < 0 || score > best[end])
                    {
                        best[end] = score;
                        from[end] = start;
                        ids[end] = id;
                    }

                    hasSingle |= end - start == length;
                }
            }

            if (!hasSingle)
            {
                int end = start + length;
                double score = _unknownScore + here;
                if (from[end] < 0 || score > best[end])
                {
                    best[end] = score;
                    from[end] = start;
                    ids[end] = _unknownId ?? -1;
                }
            }

            start += length;
        }

        Collect(word, origin, from, ids, pieces, scratch);
    }

    /// <summary>Walks the best path back; neighbouring unknown characters become one piece.</summary>
    private void Collect(ReadOnlySpan<char> word, int origin, int[] from, int[] ids, PieceBuffer pieces, ModelScratch scratch)
    {
        int[] ends = scratch.Ints(2, word.Length + 1);
        int count = 0;
        for (int end = word.Length; end > 0; end = from[end])
        {
            ends[count++] = end;
        }

        int unknown = _unknownId ?? -1;
        for (int i = count - 1; i >= 0; i--)
        {
            int end = ends[i];
            int start = from[end];
            if (ids[end] != unknown)
            {
                pieces.Add(ids[end], origin + start, origin + end);
                continue;
            }

            while (i > 0 && ids[ends[i - 1]] == unknown)
            {
                end = ends[--i];
            }

            AddUnknown(word[start..end], origin + start, pieces);
        }
    }

    private void AddUnknown(ReadOnlySpan<char> text, int start, PieceBuffer pieces)
    {
        int id = Vocabulary.IdOf(text);
        if (id >= 0)
        {
            pieces.Add(id, start, start + text.Length);
        }
        else if (_bytes is not null && ByteFallback.Covers(_bytes, text))
        {
            Span<byte> bytes = stackalloc byte[4];
            foreach (Rune rune in text.EnumerateRunes())
            {
                foreach (byte value in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    pieces.Add(_bytes[value], start, start + text.Length);
                }
            }
        }
        else if (_unknownId is { } unknown)
        {
            pieces.Add(unknown, start, start + text.Length);
        }
    }
}

using System.Text;
using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>
/// Unigram (Kudo 2018): the segmentation of highest total score, found by Viterbi over a trie in double precision. Starts are taken in
/// ascending order and a candidate wins only if strictly better, so among equals the longest last piece does.
/// </summary>
internal sealed class UnigramModel : TokenModel
{
    /// <summary>The id of unknown characters where the model has no unknown piece.</summary>
    private const int NoPiece = -1;

    private readonly double[] _scores;
    private readonly UnigramPieces _pieces;
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
        _pieces = new UnigramPieces([.. vocabulary.InOrder()], scores, unknownId ?? NoPiece);
    }

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override bool UnknownShowsText => true;

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
        int places = word.Length + 1;
        var path = new BestPath(scratch.Doubles(places), scratch.Ints(0, places), scratch.Ints(1, places), places);
        _pieces.Walk(word, ref path);
        Collect(word, origin, path, pieces, scratch);
    }

    /// <summary>For each place of a word the best way to it: its score, where its last edge begins, and that edge's piece.</summary>
    private readonly struct BestPath : IEdgeVisitor
    {
        public readonly int[] From;
        public readonly int[] Ids;
        private readonly double[] _best;

        public BestPath(double[] best, int[] from, int[] ids, int places)
        {
            (_best, From, Ids) = (best, from, ids);
            from.AsSpan(0, places).Fill(-1);
            best[0] = 0;
        }

        public void Visit(int start, int end, int id, double score)
        {
            score += _best[start];
            if (From[end] < 0 || score > _best[end])
            {
                _best[end] = score;
                From[end] = start;
                Ids[end] = id;
            }
        }
    }

    /// <summary>Walks the best path back; neighbouring unknown characters become one piece.</summary>
    private void Collect(ReadOnlySpan<char> word, int origin, BestPath path, PieceBuffer pieces, ModelScratch scratch)
    {
        (int[] from, int[] ids) = (path.From, path.Ids);
        int[] ends = scratch.Ints(2, word.Length + 1);
        int count = 0;
        for (int end = word.Length; end > 0; end = from[end])
        {
            ends[count++] = end;
        }

        int unknown = _unknownId ?? NoPiece;
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

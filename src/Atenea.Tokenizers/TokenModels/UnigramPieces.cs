namespace Atenea.Tokenizers;

/// <summary>Takes the edges of a word's lattice, in ascending order of their starts, then of their ends.</summary>
internal interface IEdgeVisitor
{
    /// <summary>Takes the edge of a piece that spells the units [start, end) of the word.</summary>
    void Visit(int start, int end, int id, double score);
}

/// <summary>
/// The pieces of a Unigram model with their scores, from which the lattice of a word follows: its nodes are the places between characters,
/// its edges the pieces that the word holds. A character that is no piece by itself has an edge of the unknown piece, so that there always
/// is a path.
/// </summary>
internal sealed class UnigramPieces
{
    /// <summary>What an unknown character costs beyond the lowest score.</summary>
    private const double UnknownPenalty = 10.0;

    private readonly Trie _trie;
    private readonly double[] _scores;
    private readonly int _unknownId;
    private readonly double _unknownScore;

    /// <summary>Creates the pieces.</summary>
    /// <param name="pieces">Pieces and their ids.</param>
    /// <param name="scores">A score per id.</param>
    /// <param name="unknownId">The id that edges of unknown characters get.</param>
    public UnigramPieces(IReadOnlyCollection<KeyValuePair<string, int>> pieces, double[] scores, int unknownId)
    {
        _scores = scores;
        _unknownId = unknownId;
        _unknownScore = pieces.Select(piece => scores[piece.Value]).DefaultIfEmpty(0).Min() - UnknownPenalty;
        _trie = new Trie(pieces.Count * 4);
        foreach ((string piece, int id) in pieces)
        {
            _trie.Add(piece, id);
        }
    }

    /// <summary>Shows a visitor every edge of a word. The visitor is a structure, so that its method is compiled into the walk.</summary>
    public void Walk<TVisitor>(ReadOnlySpan<char> word, ref TVisitor visitor)
        where TVisitor : struct, IEdgeVisitor
    {
        for (int start = 0; start < word.Length;)
        {
            int length = char.IsHighSurrogate(word[start]) && start + 1 < word.Length ? 2 : 1;
            bool hasSingle = false;
            int node = Trie.Root;
            for (int end = start; end < word.Length;)
            {
                node = _trie.Child(node, word[end]);
                if (node < 0) break;

                end++;
                int id = _trie.ValueAt(node);
                if (id >= 0)
                {
                    visitor.Visit(start, end, id, _scores[id]);
                    hasSingle |= end - start == length;
                }
            }

            if (!hasSingle) visitor.Visit(start, start + length, _unknownId, _unknownScore);
            start += length;
        }
    }
}

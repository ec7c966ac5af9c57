using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// The BPE of subword-nmt as BERTweet and PhoBERT use it: symbols are texts, the last one carries <c>&lt;/w&gt;</c>, every occurrence of
/// the best pair is merged at once, and pieces that go on end in <c>@@</c>. Ids are looked up only for the finished pieces.
/// </summary>
internal sealed class SubwordNmtModel : TokenModel
{
    private const string EndOfWord = "</w>";
    private const string GoesOn = "@@";

    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly MergeTable _merges;
    private readonly int _unknownId;

    /// <summary>Creates the model.</summary>
    /// <param name="vocabulary">Pieces.</param>
    /// <param name="merges">Pairs of symbols in order of rank.</param>
    /// <param name="unknownId">The id of pieces outside the vocabulary.</param>
    public SubwordNmtModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right, int Rank)> merges, int unknownId)
        : base(vocabulary)
    {
        _unknownId = unknownId;
        _merges = new MergeTable(merges.Count);
        foreach ((string left, string right, int rank) in merges)
        {
            _merges.Add(Symbol(left), Symbol(right), rank, Symbol(left + right));
        }
    }

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer) => throw new AteneaException(
        Catalogue.TokenizerComponentUnknown,
        "tokenizer.json has no form for the BPE of BERTweet and PhoBERT",
        null,
        "keep its vocab.txt and bpe.codes");

    /// <inheritdoc/>
    protected override void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch)
    {
        int[] ids = scratch.Ints(0, word.Length);
        int[] starts = scratch.Ints(1, word.Length + 1);
        int count = 0;
        Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> symbols = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<char> last = stackalloc char[2 + EndOfWord.Length];
        for (int at = 0; at < word.Length;)
        {
            _ = CodePoint.At(word, at, out int length);
            scoped ReadOnlySpan<char> symbol = word.Slice(at, length);
            if (at + length == word.Length)
            {
                symbol.CopyTo(last);
                EndOfWord.CopyTo(last[length..]);
                symbol = last[..(length + EndOfWord.Length)];
            }

            // A symbol that no merge names gets a number of its own, so that it equals nothing else.
            ids[count] = symbols.TryGetValue(symbol, out int id) ? id : -2;
            starts[count++] = at;
            at += length;
        }

        starts[count] = word.Length;
        count = Merge(ids, starts, count);
        Span<char> piece = stackalloc char[256];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<char> text = word[starts[i]..starts[i + 1]];
            int length = text.Length + (i < count - 1 ? GoesOn.Length : 0);
            Span<char> spelled = length <= piece.Length ? piece[..length] : new char[length];
            text.CopyTo(spelled);
            if (i < count - 1)
            {
                GoesOn.CopyTo(spelled[text.Length..]);
            }

            int id = Vocabulary.IdOf(spelled);
            pieces.Add(id < 0 ? _unknownId : id, origin + starts[i], origin + starts[i + 1]);
        }
    }

    private int Merge(int[] ids, int[] starts, int count)
    {
        while (count > 1)
        {
            ulong best = MergeTable.None;
            for (int i = 0; i + 1 < count; i++)
            {
                best = ids[i] < 0 || ids[i + 1] < 0 ? best : Math.Min(best, _merges.Find(ids[i], ids[i + 1]));
            }

            if (best == MergeTable.None) break;

            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                bool joins = i + 1 < count && ids[i] >= 0 && ids[i + 1] >= 0 && _merges.Find(ids[i], ids[i + 1]) == best;
                ids[kept] = joins ? (int)(uint)best : ids[i];
                starts[kept++] = starts[i];
                i += joins ? 1 : 0;
            }

            starts[kept] = starts[count];
            count = kept;
        }

        return count;
    }

    private int Symbol(string text)
    {
        if (!_symbols.TryGetValue(text, out int id))
        {
            id = _symbols.Count;
            _symbols.Add(text, id);
        }

        return id;
    }
}

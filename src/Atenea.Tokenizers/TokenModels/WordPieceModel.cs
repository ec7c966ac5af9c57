using System.Text.Json;

namespace Atenea.Tokenizers;

/// <summary>
/// WordPiece (Schuster and Nakajima 2012; Devlin et al. 2018): from left to right always the longest piece of the vocabulary; a word with
/// an unmatched rest, or longer than the limit, is one unknown token. Two tries, for pieces that start a word and that go on with one.
/// </summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly string _unknownToken;
    private readonly string _prefix;
    private readonly int _longestWord;
    private readonly int _unknownId;
    private readonly Trie _first;
    private readonly Trie _next;

    /// <summary>Creates the model.</summary>
    public WordPieceModel(Vocabulary vocabulary, string unknownToken, string prefix, int longestWord, string where)
        : base(vocabulary)
    {
        _unknownToken = unknownToken;
        _prefix = prefix;
        _longestWord = longestWord;
        _unknownId = vocabulary.RequireUnknown(unknownToken, where);
        _first = new Trie(vocabulary.Count * 6);
        _next = prefix.Length == 0 ? _first : new Trie(vocabulary.Count * 2);
        foreach ((string token, int id) in vocabulary.InOrder())
        {
            _first.Add(token, id);
            if (prefix.Length > 0 && token.Length > prefix.Length && token.StartsWith(prefix, StringComparison.Ordinal))
            {
                _next.Add(token.AsSpan(prefix.Length), id);
            }
        }
    }

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override string ContinuingPrefix => _prefix;

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "WordPiece");
        writer.WriteString("unk_token", _unknownToken);
        writer.WriteString("continuing_subword_prefix", _prefix);
        writer.WriteNumber("max_input_chars_per_word", _longestWord);
        Vocabulary.Write(writer);
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch)
    {
        int before = pieces.Count;
        if (word.Length > _longestWord && CodePoint.Count(word) > _longestWord)
        {
            pieces.Add(_unknownId, origin, origin + word.Length);
            return;
        }

        Trie trie = _first;
        for (int at = 0; at < word.Length;)
        {
            int id = trie.LongestPrefix(word[at..], out int length);
            if (id < 0)
            {
                pieces.CutTo(before);
                pieces.Add(_unknownId, origin, origin + word.Length);
                return;
            }

            pieces.Add(id, origin + at, origin + at + length);
            at += length;
            trie = _next;
        }
    }
}

using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Tokens and their ids, both ways. Ids may have gaps.</summary>
internal sealed class Vocabulary
{
    private readonly Dictionary<string, int> _ids;
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _idsBySpan;
    private readonly string?[] _tokens;

    /// <summary>Creates the vocabulary from tokens with their ids.</summary>
    /// <param name="entries">Tokens and ids; each id at most once.</param>
    /// <param name="count">About how many there are.</param>
    /// <param name="where">The file, for errors.</param>
    public Vocabulary(IEnumerable<KeyValuePair<string, int>> entries, int count, string where)
    {
        _ids = new Dictionary<string, int>(count, StringComparer.Ordinal);
        var tokens = new string?[count];
        foreach ((string token, int id) in entries)
        {
            if (id < 0 || id > MostIds)
            {
                throw new AteneaException(Catalogue.VocabularyInvalid, $"token '{token}' has the impossible id {id}", where);
            }

            if (id >= tokens.Length)
            {
                Array.Resize(ref tokens, Math.Max(id + 1, tokens.Length + tokens.Length / 2));
            }

            if (tokens[id] is { } other && other != token)
            {
                throw new AteneaException(Catalogue.VocabularyInvalid, $"tokens '{other}' and '{token}' share the id {id}", where);
            }

            if (!_ids.TryAdd(token, id) && _ids[token] != id)
            {
                throw new AteneaException(
                    Catalogue.VocabularyInvalid, $"token '{token}' stands there twice, with the ids {_ids[token]} and {id}", where);
            }

            tokens[id] = token;
            Span = Math.Max(Span, id + 1);
        }

        _tokens = tokens;
        _idsBySpan = _ids.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>No vocabulary comes near this; a larger id is a damaged file, and would only waste memory.</summary>
    public const int MostIds = 1 << 26;

    /// <summary>A vocabulary whose ids are the places of its tokens.</summary>
    /// <param name="tokens">Tokens in order of id, each once.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="where">The file, for errors.</param>
    public static Vocabulary Of(IEnumerable<string> tokens, int count, string where) =>
        new(tokens.Select((token, id) => KeyValuePair.Create(token, id)), count, where);

    /// <summary>Number of tokens.</summary>
    public int Count => _ids.Count;

    /// <summary>One past the highest id.</summary>
    public int Span { get; }

    /// <summary>The id of a token, or -1.</summary>
    public int IdOf(ReadOnlySpan<char> token) => _idsBySpan.TryGetValue(token, out int id) ? id : -1;

    /// <summary>The id of a token that must be there.</summary>
    /// <exception cref="AteneaException">ATN0303: it is not.</exception>
    public int Require(string token, string where) => IdOf(token) is >= 0 and int id
        ? id
        : throw new AteneaException(Catalogue.VocabularyInvalid, $"the vocabulary has no '{token}'", where);

    /// <summary>The id of the unknown token, which must be there.</summary>
    /// <exception cref="AteneaException">ATN0304: it is not.</exception>
    public int RequireUnknown(string token, string where) => IdOf(token) is >= 0 and int id
        ? id
        : throw new AteneaException(Catalogue.UnknownTokenMissing, $"the vocabulary has no '{token}'", where);

    /// <summary>The token of an id, or null.</summary>
    public string? TokenOf(int id) => (uint)id < (uint)_tokens.Length ? _tokens[id] : null;

    /// <summary>Writes the property <c>vocab</c> of tokenizer.json, tokens in ascending order of id.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject("vocab");
        foreach ((string token, int id) in InOrder())
        {
            writer.WriteNumber(token, id);
        }

        writer.WriteEndObject();
    }

    /// <summary>All tokens in ascending order of id.</summary>
    public IEnumerable<KeyValuePair<string, int>> InOrder()
    {
        for (int id = 0; id < Span; id++)
        {
            if (_tokens[id] is { } token)
            {
                yield return new KeyValuePair<string, int>(token, id);
            }
        }
    }
}

using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Collects the added tokens of the older formats, from the configuration, added_tokens.json and the vocabulary.</summary>
internal sealed class AddedTokenFiles(Vocabulary vocabulary)
{
    private readonly SortedDictionary<int, AddedToken> _tokens = [];
    private int _nextId = vocabulary.Span;

    /// <summary>The tokens in ascending order of id.</summary>
    public IReadOnlyList<AddedToken> Tokens => [.. _tokens.Values];

    /// <summary>Adds the tokens of <c>added_tokens_decoder</c>, of added_tokens.json and of the list of further special tokens.</summary>
    public void AddConfigured(JsonObject config, string directory)
    {
        if (config["added_tokens_decoder"] is JsonObject decoder)
        {
            foreach ((string key, JsonNode? value) in decoder)
            {
                if (value is JsonObject token && TokenizerConfig.Text(token, "content") is { } content
                    && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
                {
                    bool special = TokenizerConfig.Flag(token, "special") ?? false;
                    Put(new AddedToken(
                        content,
                        id,
                        special,
                        TokenizerConfig.Flag(token, "normalized") ?? !special,
                        TokenizerConfig.Flag(token, "lstrip") ?? false,
                        TokenizerConfig.Flag(token, "rstrip") ?? false,
                        TokenizerConfig.Flag(token, "single_word") ?? false));
                }
            }
        }

        string path = Path.Combine(directory, "added_tokens.json");
        if (File.Exists(path))
        {
            foreach (JsonProperty entry in JsonReading.ReadObject(path).EnumerateObject())
            {
                int id = entry.Value.AsInteger(entry.Name, path);
                if (!_tokens.ContainsKey(id))
                {
                    Put(new AddedToken(entry.Name, id, Normalized: true));
                }
            }
        }

        foreach (string list in new[] { "additional_special_tokens", "extra_special_tokens" })
        {
            foreach (JsonNode? item in config[list] as JsonArray ?? [])
            {
                if (TokenizerConfig.Token(item) is { } content && !Knows(content))
                {
                    Add(content, special: true);
                }
            }
        }
    }

    /// <summary>Adds the tokens that have a role; <paramref name="defaults"/> name those that the configuration leaves out.</summary>
    public void AddRoles(JsonObject config, IReadOnlyDictionary<string, string> defaults)
    {
        foreach (string role in SpecialTokenRoles.InOrder)
        {
            string? content = TokenizerConfig.Token(config, role) ?? (config.ContainsKey(role) ? null : defaults.GetValueOrDefault(role));
            if (content is not null && !Knows(content))
            {
                bool leftStrip = config[role] is JsonObject token && (TokenizerConfig.Flag(token, "lstrip") ?? false);
                Add(content, special: true, leftStrip);
            }
        }
    }

    /// <summary>Adds a token with its id in the vocabulary, or the next free one.</summary>
    public void Add(string content, bool special, bool leftStrip = false)
    {
        int known = vocabulary.IdOf(content);
        if (known < 0)
        {
            while (_tokens.ContainsKey(_nextId))
            {
                _nextId++;
            }
        }

        Put(new AddedToken(content, known >= 0 ? known : _nextId++, special, LeftStrip: leftStrip));
    }

    private bool Knows(string content) => _tokens.Values.Any(t => t.Content == content);

    private void Put(AddedToken token)
    {
        if (_tokens.TryGetValue(token.Id, out AddedToken? other) && other.Content != token.Content)
        {
            throw new AteneaException(
                Catalogue.VocabularyInvalid, $"added tokens '{other.Content}' and '{token.Content}' share the id {token.Id}");
        }

        _tokens[token.Id] = token;
    }
}

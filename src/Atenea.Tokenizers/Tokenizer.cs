using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// Text to ids and back, with the results of Hugging Face's tokenizers. The pipeline is that of <c>tokenizer.json</c>: added tokens are cut
/// out, the rest is normalised, cut into words, turned into ids by the model and framed by the post-processor. Safe for use from many
/// threads at once.
/// </summary>
/// <example><code>
/// Tokenizer tokenizer = Tokenizer.FromDirectory("models/all-MiniLM-L6-v2");
/// Encoding encoding = tokenizer.Encode("Hello world", options: new EncodeOptions { MaxLength = 128 });
/// string text = tokenizer.Decode(encoding.Ids);
/// </code></example>
public sealed partial class Tokenizer
{
    private readonly TokenizerDefinition _definition;
    private readonly TokenModel _model;
    private readonly Normalizer? _normalizer;
    private readonly PreTokenizer? _preTokenizer;
    private readonly PostProcessor _postProcessor;
    private readonly Decoder? _decoder;
    private readonly AddedTokenSplitter _rawSplitter;
    private readonly AddedTokenSplitter _normalizedSplitter;
    private readonly Lazy<TextCutter> _cutter;
    private readonly Dictionary<string, int> _addedIds = new(StringComparer.Ordinal);
    private readonly Dictionary<int, (string Shown, bool Special)> _addedById = [];
    private readonly ConcurrentBag<Workspace> _workspaces = [];

    internal Tokenizer(TokenizerDefinition definition)
    {
        _definition = definition;
        _model = definition.Model;
        var reader = new ComponentReader(definition.Where);
        _normalizer = reader.Normalizer(Element(definition.Normalizer));
        _preTokenizer = reader.PreTokenizer(Element(definition.PreTokenizer));
        _postProcessor = reader.PostProcessor(Element(definition.PostProcessor));
        _decoder = reader.Decoder(Element(definition.Decoder));

        List<AddedToken> added = [];
        foreach (AddedToken token in definition.AddedTokens)
        {
            // A token of the vocabulary keeps its id there, whatever the list says.
            int known = _model.Vocabulary.IdOf(token.Content);
            AddedToken kept = known >= 0 ? token with { Id = known } : token;
            added.Add(kept);
            _addedIds[kept.Content] = kept.Id;
        }

        // A token that is looked for in normalised text also shows itself normalised, and is then special only if that spelling is.
        var special = new HashSet<string>(added.Where(t => t.Special).Select(t => t.Content), StringComparer.Ordinal);
        foreach (AddedToken token in added)
        {
            string shown = token.Normalized ? AddedTokenSplitter.NormalizedPattern(token.Content, _normalizer) : token.Content;
            _addedById[token.Id] = (shown, special.Contains(shown));
        }

        AddedTokens = added;
        _rawSplitter = new AddedTokenSplitter(
            AddedTokenSplitter.InPriority(added).Where(t => !t.Normalized).Select(t => (t.Content, t)));
        List<(string Pattern, AddedToken Token)> normalized =
        [
            .. AddedTokenSplitter.InPriority(added).Where(t => t.Normalized)
                .Select(t => (AddedTokenSplitter.NormalizedPattern(t.Content, _normalizer), t)),
        ];
        _normalizedSplitter = new AddedTokenSplitter(normalized);
        _cutter = new Lazy<TextCutter>(() => new TextCutter(_normalizer, _preTokenizer, _model, _rawSplitter, normalized));

        PadTokenId = Role("pad_token", "[PAD]", "<pad>", "<|padding|>", "<|pad|>", "<|endoftext|>");
        UnknownTokenId = Role("unk_token") ?? _model.UnknownId ?? Role(null, "[UNK]", "<unk>");
        ClsTokenId = Role("cls_token", "[CLS]", "<s>");
        SepTokenId = Role("sep_token", "[SEP]", "</s>");
        MaskTokenId = Role("mask_token", "[MASK]", "<mask>");
        BosTokenId = Role("bos_token", "<s>");
        EosTokenId = Role("eos_token", "</s>", "<|endoftext|>");
    }

    /// <summary>
    /// Number of tokens, added ones included. A model's embedding has at least <see cref="HighestId"/> + 1 rows.
    /// </summary>
    public int VocabularySize => _model.Vocabulary.Count + AddedTokens.Count(t => _model.Vocabulary.IdOf(t.Content) < 0);

    /// <summary>The highest id that the tokenizer gives.</summary>
    public int HighestId => Math.Max(_model.Vocabulary.Span - 1, AddedTokens.Count == 0 ? -1 : AddedTokens.Max(t => t.Id));

    /// <summary>The tokens that are cut out of the text before the model sees it, in the file's order.</summary>
    public IReadOnlyList<AddedToken> AddedTokens { get; }

    /// <summary>The padding token's id, or null.</summary>
    public int? PadTokenId { get; }

    /// <summary>The id for text that the vocabulary cannot express, or null.</summary>
    public int? UnknownTokenId { get; }

    /// <summary>The id of the token before a text ([CLS], &lt;s&gt;), or null.</summary>
    public int? ClsTokenId { get; }

    /// <summary>The id of the token after a text ([SEP], &lt;/s&gt;), or null.</summary>
    public int? SepTokenId { get; }

    /// <summary>The mask token's id, or null.</summary>
    public int? MaskTokenId { get; }

    /// <summary>The id of the token that begins a generated text, or null.</summary>
    public int? BosTokenId { get; }

    /// <summary>The id of the token that ends a generated text, or null.</summary>
    public int? EosTokenId { get; }

    /// <summary>
    /// The longest input that tokenizer_config.json names (<c>model_max_length</c>), or null where it names none or no real one.
    /// </summary>
    public int? ModelMaxLength => _definition.Config["model_max_length"] is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        && value.GetValue<double>() is > 0 and < 1e9 and double length ? (int)length : null;

    /// <summary>Whether encodings carry offsets and word ids. PhoBERT's and BERTweet's reference tokenizers have none.</summary>
    public bool GivesOffsets => TokenizerConfig.ClassName(_definition.Config) is not ("PhobertTokenizer" or "BertweetTokenizer");

    /// <summary>Whether the model takes type ids; DistilBERT does not.</summary>
    public bool GivesTypeIds => TokenizerConfig.ClassName(_definition.Config) != "DistilBertTokenizer";

    /// <summary>
    /// What a piece that goes on with a word begins with, for example <c>##</c>; null for models that do not mark such pieces.
    /// </summary>
    public string? ContinuingSubwordPrefix => _model.ContinuingPrefix is { Length: > 0 } prefix ? prefix : null;

    /// <summary>The contents of tokenizer_config.json (with special_tokens_map.json), as a copy.</summary>
    public JsonObject Configuration => (JsonObject)_definition.Config.DeepClone();

    /// <summary>What the tokenizer is made of.</summary>
    internal TokenizerDefinition Definition => _definition;

    /// <summary>Whether words are written in the byte alphabet.</summary>
    internal bool UsesByteLevel => _decoder is ByteLevelDecoder;

    /// <summary>Whether a piece that goes on with the next one ends in <c>@@</c>, which decoding takes away.</summary>
    internal bool MarksContinuedWords => _decoder is SubwordNmtDecoder;

    /// <summary>Loads the tokenizer of a folder: tokenizer.json where there is one, else the older files of its family.</summary>
    /// <param name="directory">A model folder.</param>
    /// <exception cref="AteneaException">ATN03xx: no tokenizer files, or files that are damaged.</exception>
    public static Tokenizer FromDirectory(string directory) => new(TokenizerDirectory.Read(directory));

    /// <summary>Whether a folder holds tokenizer files of a known form.</summary>
    public static bool IsAt(string directory) => TokenizerDirectory.Holds(directory);

    /// <summary>Loads a tokenizer.json (with the tokenizer_config.json beside it, if any).</summary>
    /// <param name="tokenizerJson">Path of the file.</param>
    /// <exception cref="AteneaException">ATN03xx: the file cannot be read or is damaged.</exception>
    public static Tokenizer FromFile(string tokenizerJson) =>
        new(TokenizerJson.Read(tokenizerJson, TokenizerDirectory.ReadConfig(Path.GetDirectoryName(Path.GetFullPath(tokenizerJson))!)));

    /// <summary>The id of a token as it is spelled in the vocabulary, or null.</summary>
    public int? TokenToId(string token)
    {
        if (_addedIds.TryGetValue(token, out int added)) return added;

        return _model.Vocabulary.IdOf(token) is >= 0 and int id ? id : null;
    }

    /// <summary>The token of an id, or null; an added token that is looked for in normalised text comes back normalised.</summary>
    public string? IdToToken(int id) =>
        _addedById.TryGetValue(id, out (string Shown, bool Special) added) ? added.Shown : _model.Vocabulary.TokenOf(id);

    /// <summary>Whether decoding may leave an id out as a special token.</summary>
    public bool IsSpecial(int id) => _addedById.TryGetValue(id, out (string Shown, bool Special) added) && added.Special;

    /// <summary>The text of ids. Ids outside the vocabulary are left out.</summary>
    /// <param name="ids">Ids in order.</param>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public string Decode(ReadOnlySpan<int> ids, bool skipSpecialTokens = true)
    {
        var tokens = new List<string>(ids.Length);
        foreach (int id in ids)
        {
            if (IdToToken(id) is { } token && !(skipSpecialTokens && IsSpecial(id)))
            {
                tokens.Add(token);
            }
        }

        return DecodeTokens(tokens);
    }

    /// <summary>The text of tokens as the vocabulary spells them (<c>convert_tokens_to_string</c> of transformers).</summary>
    public string DecodeTokens(IReadOnlyList<string> tokens) =>
        _decoder is null ? string.Join(' ', tokens) : string.Concat(_decoder.Decode([.. tokens]));

    /// <summary>A decoder for ids that come one at a time.</summary>
    /// <param name="skipSpecialTokens">Whether special tokens are left out.</param>
    public DecodeStream DecodeStream(bool skipSpecialTokens = true) => new(this, skipSpecialTokens);

    /// <summary>Writes tokenizer.json, tokenizer_config.json and, for WordPiece, vocab.txt; transformers loads the folder.</summary>
    /// <param name="directory">The folder; made if need be. Files of these names are replaced.</param>
    public void Save(string directory) => TokenizerWriter.Save(_definition, AddedTokens, ConfigurationToSave(), directory);

    /// <summary>The text after BERTweet's normalisation, which users look at by itself; null for other tokenizers.</summary>
    internal string? NormalizedTweet(string text) => _normalizer is TweetNormalizer ? TweetNormalizer.Normalize(text) : null;

    private JsonObject ConfigurationToSave()
    {
        JsonObject config = Configuration;
        config["tokenizer_class"] ??= Families.SavedClass(_model);
        Name("pad_token", PadTokenId);
        Name("unk_token", UnknownTokenId);
        Name("cls_token", ClsTokenId);
        Name("sep_token", SepTokenId);
        Name("mask_token", MaskTokenId);
        return config;

        void Name(string key, int? id)
        {
            if (config[key] is null && !config.ContainsKey(key) && id is { } value && IdToToken(value) is { } token)
            {
                config[key] = token;
            }
        }
    }

    private static JsonElement? Element(JsonNode? node) => node is null ? null : JsonDocument.Parse(node.ToJsonString()).RootElement;

    private int? Role(string? key, params string[] usual)
    {
        if (key is not null && TokenizerConfig.Token(_definition.Config, key) is { } named && TokenToId(named) is { } id) return id;

        foreach (string token in usual)
        {
            if (TokenToId(token) is { } found) return found;
        }

        return null;
    }
}

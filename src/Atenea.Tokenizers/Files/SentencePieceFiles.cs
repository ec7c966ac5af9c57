using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Errors;
using ModelType = Atenea.Tokenizers.TrainerSpec.Types.ModelType;
using PieceType = Atenea.Tokenizers.SentencePiece.Types.Type;

namespace Atenea.Tokenizers;

/// <summary>
/// Builds the pipelines of the families that come as SentencePiece models, as transformers 5 builds them: XLM-RoBERTa and CamemBERT (ids
/// moved), ALBERT, DeBERTa-v2/v3, T5, Llama; anything else by the model's own normalisation alone.
/// </summary>
internal sealed class SentencePieceFiles
{
    private readonly string _path;
    private readonly JsonObject _config;
    private readonly SentencePieceModel _file;

    private SentencePieceFiles(string path, JsonObject config)
    {
        _path = path;
        _config = config;
        _file = SentencePieceModel.Read(path);
    }

    /// <summary>Reads a model file.</summary>
    public static TokenizerDefinition Read(string path, string? family, JsonObject config)
    {
        var files = new SentencePieceFiles(path, config);
        return family switch
        {
            "XLMRobertaTokenizer" => files.XlmRoberta(),
            "CamembertTokenizer" => files.Camembert(),
            "AlbertTokenizer" => files.Albert(),
            "DebertaV2Tokenizer" => files.Deberta(),
            "T5Tokenizer" => files.T5(),
            _ => files._file.Trainer.ModelType == ModelType.Unigram ? files.Plain() : files.Llama(),
        };
    }

    private TokenizerDefinition XlmRoberta()
    {
        UnigramModel model = Unigram([("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0), .. Scored(3), ("<mask>", 0)], unknownId: 3);
        JsonObject ends = ComponentJson.RobertaTemplate(Token("cls_token", "<s>"), Token("sep_token", "</s>"), IdsOf(model));
        return Define(model, Added(model, SpecialTokenRoles.Roberta), Map(), WordsThenMetaspace(), ends);
    }

    private TokenizerDefinition Camembert()
    {
        UnigramModel model = Unigram(
            [
                ("<s>NOTUSED", 0), ("<pad>", 0), ("</s>NOTUSED", 0), ("<unk>", 0), ("<unk>NOTUSED", -100), .. Scored(1), ("<mask>", 0),
            ],
            unknownId: 3);
        AddedTokenFiles added = Added(model, SpecialTokenRoles.Camembert);
        added.Add(Token("mask_token", "<mask>"), special: true, leftStrip: true);
        JsonObject ends = ComponentJson.RobertaTemplate(Token("cls_token", "<s>"), Token("sep_token", "</s>"), IdsOf(model));
        return Define(model, added, Map(), WordsThenMetaspace(), ends);
    }

    private TokenizerDefinition Albert()
    {
        bool keepsAccents = TokenizerConfig.Flag(_config, "keep_accents") ?? false;
        bool lowercase = TokenizerConfig.Flag(_config, "do_lower_case") ?? true;
        JsonObject normalizer = ComponentJson.Normalizers(
            ComponentJson.Replace("``", "\""),
            ComponentJson.Replace("''", "\""),
            keepsAccents ? null : ComponentJson.Of("NFKD"),
            keepsAccents ? null : ComponentJson.Of("StripAccents"),
            lowercase ? ComponentJson.Of("Lowercase") : null,
            Map());
        UnigramModel model = Unigram([.. Scored(0)], unknownId: 1);
        return Define(model, Added(model, SpecialTokenRoles.Albert), normalizer, WordsThenMetaspace(), BertEnds(model));
    }

    private TokenizerDefinition Deberta()
    {
        bool lowercase = TokenizerConfig.Flag(_config, "do_lower_case") ?? false;
        bool splitsPunctuation = TokenizerConfig.Flag(_config, "split_by_punct") ?? false;
        JsonObject normalizer = ComponentJson.Normalizers(
            lowercase ? ComponentJson.Of("Lowercase") : null,
            ComponentJson.ReplaceMatches(@"\s{2,}|[\n\r\t]", " "),
            ComponentJson.Of("NFC"),
            ComponentJson.StripRight());
        JsonObject words = ComponentJson.PreTokenizers(
            splitsPunctuation ? new JsonObject { ["type"] = "Punctuation", ["behavior"] = "Isolated" } : null,
            ComponentJson.Metaspace());
        List<(string Piece, double Score)> pieces = [.. Scored(0)];
        int unknown = pieces.FindIndex(p => p.Piece == Token("unk_token", "[UNK]"));
        UnigramModel model = Unigram(pieces, Math.Max(unknown, 0));
        return Define(model, Added(model, SpecialTokenRoles.Bert), normalizer, words, BertEnds(model));
    }

    private TokenizerDefinition T5()
    {
        const int ExtraIds = 100;
        string[] extra =
            [.. Enumerable.Range(0, ExtraIds).Select(i => string.Create(CultureInfo.InvariantCulture, $"<extra_id_{ExtraIds - 1 - i}>"))];
        UnigramModel model = Unigram([.. Scored(0), .. extra.Select(token => (token, 0.0))], _file.Trainer.UnkId);
        AddedTokenFiles added = Added(model, SpecialTokenRoles.T5);
        foreach (string token in extra)
        {
            added.Add(token, special: true);
        }

        JsonObject ends = ComponentJson.Template(["A", "</s>"], ["A", "</s>", "B", "</s>"], IdsOf(model));
        return Define(model, added, Map(), WordsThenMetaspace(), ends);
    }

    private TokenizerDefinition Plain()
    {
        JsonObject normalizer = ComponentJson.Normalizers(
            Map(), ComponentJson.StripRight(), ComponentJson.ReplaceMatches(" {2,}", "\u2581"));
        UnigramModel model = Unigram([.. Scored(0)], _file.Trainer.UnkId, _file.Trainer.ByteFallback);
        TokenizerDefinition definition = Define(
            model, Added(model, SpecialTokenRoles.None), normalizer, ComponentJson.Metaspace(), ComponentJson.PlainTemplate());
        return _file.Trainer.ByteFallback ? definition with { Decoder = ComponentJson.ByteFallbackDecoder() } : definition;
    }

    private TokenizerDefinition Llama()
    {
        Vocabulary vocabulary = Vocabulary.Of(_file.Pieces.Select(p => p.Piece), _file.Pieces.Count, _path);
        var settings = new BpeSettings { FuseUnknown = true, ByteFallback = _file.Trainer.ByteFallback };
        var model = new BpeModel(vocabulary, Merges(vocabulary), settings, _path);
        TokenizerDefinition definition = Define(
            model,
            Added(model, SpecialTokenRoles.Llama),
            null,
            ComponentJson.Metaspace("first", split: false),
            ComponentJson.PlainTemplate());
        return definition with { Decoder = ComponentJson.ByteFallbackDecoder() };
    }

    /// <summary>
    /// The merges that a BPE vocabulary implies: every split of a piece into two pieces, by the id of the whole, then by the lengths.
    /// </summary>
    private static List<(string, string)> Merges(Vocabulary vocabulary)
    {
        List<(int Id, int Left, int Right, string LeftText, string RightText)> merges = [];
        foreach ((string piece, int id) in vocabulary.InOrder())
        {
            for (int cut = 1; cut < piece.Length; cut++)
            {
                if (vocabulary.IdOf(piece.AsSpan(0, cut)) >= 0 && vocabulary.IdOf(piece.AsSpan(cut)) >= 0)
                {
                    (int left, int right) = (CodePoint.Count(piece.AsSpan(0, cut)), CodePoint.Count(piece.AsSpan(cut)));
                    merges.Add((id, left, right, piece[..cut], piece[cut..]));
                }
            }
        }

        return [.. merges.OrderBy(m => m.Id).ThenBy(m => m.Left).ThenBy(m => m.Right).Select(m => (m.LeftText, m.RightText))];
    }

    /// <summary>Pieces from an id on. A score goes through its JSON form, so that both files give the same segmentations.</summary>
    private IEnumerable<(string Piece, double Score)> Scored(int from) =>
        _file.Pieces.Skip(from).Select(p => (p.Piece, ScoreText.RoundTrip(p.Score)));

    private UnigramModel Unigram(List<(string Piece, double Score)> pieces, int unknownId, bool byteFallback = false)
    {
        if (unknownId < 0 || unknownId >= pieces.Count)
        {
            throw new AteneaException(
                Catalogue.SentencePieceInvalid, $"the unknown piece's id {unknownId} lies outside the {pieces.Count} pieces", _path);
        }

        Vocabulary vocabulary = Vocabulary.Of(pieces.Select(p => p.Piece), pieces.Count, _path);
        return new UnigramModel(vocabulary, [.. pieces.Select(p => p.Score)], unknownId, byteFallback);
    }

    private AddedTokenFiles Added(TokenModel model, IReadOnlyDictionary<string, string> roles)
    {
        var added = new AddedTokenFiles(model.Vocabulary);
        foreach ((string piece, float _, PieceType type) in _file.Pieces)
        {
            if (type is PieceType.Control or PieceType.UserDefined && model.Vocabulary.IdOf(piece) >= 0)
            {
                added.Add(piece, special: type == PieceType.Control);
            }
        }

        // transformers writes the model's own pieces into that list, all as special; the model says which are.
        added.AddConfigured(Without("extra_special_tokens"), Path.GetDirectoryName(_path)!);
        added.AddRoles(roles.ContainsKey("mask_token") ? _config : Without("mask_token"), roles);
        return added;
    }

    private JsonObject Without(string key)
    {
        var copy = (JsonObject)_config.DeepClone();
        copy.Remove(key);
        return copy;
    }

    private TokenizerDefinition Define(
        TokenModel model, AddedTokenFiles added, JsonNode? normalizer, JsonNode words, JsonNode ends)
    {
        return new TokenizerDefinition
        {
            Where = _path,
            Model = model,
            AddedTokens = added.Tokens,
            Normalizer = normalizer,
            PreTokenizer = words,
            PostProcessor = ends,
            Decoder = ComponentJson.Metaspace(),
            Config = _config,
        };
    }

    private JsonObject BertEnds(UnigramModel model) =>
        ComponentJson.BertTemplate(Token("cls_token", "[CLS]"), Token("sep_token", "[SEP]"), IdsOf(model));

    private string Token(string role, string otherwise) => TokenizerConfig.Token(_config, role) ?? otherwise;

    private Func<string, int> IdsOf(UnigramModel model) => token => model.Vocabulary.Require(token, _path);

    private JsonObject? Map() => _file.CharacterMap.IsEmpty
        ? null
        : new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = _file.CharacterMap.ToBase64() };

    private static JsonObject WordsThenMetaspace() =>
        ComponentJson.PreTokenizers(ComponentJson.Of("WhitespaceSplit"), ComponentJson.Metaspace());
}

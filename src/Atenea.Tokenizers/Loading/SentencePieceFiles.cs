using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Errors;
using PieceType = Atenea.Tokenizers.SentencePiece.Types.Type;

namespace Atenea.Tokenizers;

/// <summary>
/// Builds the pipelines of the families that come as SentencePiece models, as transformers 5 builds them: XLM-RoBERTa and CamemBERT (ids
/// moved), ALBERT, DeBERTa-v2/v3, T5, Llama; anything else by the model's own normalisation alone.
/// </summary>
internal static class SentencePieceFiles
{
    private static readonly Dictionary<string, string> BertRoles = new(StringComparer.Ordinal)
    {
        ["bos_token"] = "[CLS]",
        ["eos_token"] = "[SEP]",
        ["sep_token"] = "[SEP]",
        ["cls_token"] = "[CLS]",
        ["mask_token"] = "[MASK]",
    };

    private static readonly Dictionary<string, string> RobertaRoles = new(StringComparer.Ordinal)
    {
        ["bos_token"] = "<s>",
        ["eos_token"] = "</s>",
        ["unk_token"] = "<unk>",
        ["sep_token"] = "</s>",
        ["pad_token"] = "<pad>",
        ["cls_token"] = "<s>",
    };

    /// <summary>Reads a model file.</summary>
    public static TokenizerParts Read(string path, string? family, JsonObject config)
    {
        SentencePieceModel file = SentencePieceModel.Read(path);
        var builder = new Builder(path, file, config);
        return family switch
        {
            "XLMRobertaTokenizer" => builder.XlmRoberta(),
            "CamembertTokenizer" => builder.Camembert(),
            "AlbertTokenizer" => builder.Albert(),
            "DebertaV2Tokenizer" => builder.Deberta(),
            "T5Tokenizer" => builder.T5(),
            _ => file.Trainer.ModelType == TrainerSpec.Types.ModelType.Unigram ? builder.Plain() : builder.Llama(),
        };
    }

    private sealed class Builder(string path, SentencePieceModel file, JsonObject config)
    {
        private static readonly JsonObject WhitespaceSplit = new() { ["type"] = "WhitespaceSplit" };

        public TokenizerParts XlmRoberta()
        {
            List<(string, double)> pieces = [("<s>", 0), ("<pad>", 0), ("</s>", 0), ("<unk>", 0), .. Scored(3), ("<mask>", 0)];
            UnigramModel model = Unigram(pieces, unknownId: 3);
            AddedTokenFiles added = Added(model.Vocabulary, new Dictionary<string, string>(RobertaRoles) { ["mask_token"] = "<mask>" });
            return Parts(model, added, Map(), WordsThenMetaspace(), Ends(model, "<s>", "</s>", [":A", "</s>", "</s>", ":B"]));
        }

        public TokenizerParts Camembert()
        {
            List<(string, double)> pieces =
                [("<s>NOTUSED", 0), ("<pad>", 0), ("</s>NOTUSED", 0), ("<unk>", 0), ("<unk>NOTUSED", -100), .. Scored(1), ("<mask>", 0)];
            UnigramModel model = Unigram(pieces, unknownId: 3);
            AddedTokenFiles added = Added(model.Vocabulary, RobertaRoles);
            added.Add(TokenizerConfig.Token(config, "mask_token") ?? "<mask>", special: true, leftStrip: true);
            return Parts(model, added, Map(), WordsThenMetaspace(), Ends(model, "<s>", "</s>", [":A", "</s>", "</s>", ":B"]));
        }

        public TokenizerParts Albert()
        {
            var steps = new JsonArray(Replace("``", "\""), Replace("''", "\""));
            if (!(TokenizerConfig.Flag(config, "keep_accents") ?? false))
            {
                steps.Add(Step("NFKD"));
                steps.Add(Step("StripAccents"));
            }

            if (TokenizerConfig.Flag(config, "do_lower_case") ?? true)
            {
                steps.Add(Step("Lowercase"));
            }

            if (Map() is { } map)
            {
                steps.Add(map);
            }

            UnigramModel model = Unigram([.. Scored(0)], unknownId: 1);
            var roles = new Dictionary<string, string>(BertRoles) { ["unk_token"] = "<unk>", ["pad_token"] = "<pad>" };
            JsonObject ends = Ends(model, "[CLS]", "[SEP]", [":A", "[SEP]", ":B:1"]);
            return Parts(model, Added(model.Vocabulary, roles), Sequence("normalizers", steps), WordsThenMetaspace(), ends);
        }

        public TokenizerParts Deberta()
        {
            var steps = new JsonArray();
            if (TokenizerConfig.Flag(config, "do_lower_case") ?? false)
            {
                steps.Add(Step("Lowercase"));
            }

            steps.Add(new JsonObject
            {
                ["type"] = "Replace",
                ["pattern"] = new JsonObject { ["Regex"] = @"\s{2,}|[\n\r\t]" },
                ["content"] = " ",
            });
            steps.Add(Step("NFC"));
            steps.Add(new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true });

            var words = new JsonArray();
            if (TokenizerConfig.Flag(config, "split_by_punct") ?? false)
            {
                words.Add(new JsonObject { ["type"] = "Punctuation", ["behavior"] = "Isolated" });
            }

            words.Add(Metaspace());
            List<(string Piece, double Score)> pieces = [.. Scored(0)];
            int unknown = pieces.FindIndex(p => p.Piece == (TokenizerConfig.Token(config, "unk_token") ?? "[UNK]"));
            UnigramModel model = Unigram(pieces, Math.Max(unknown, 0));
            var roles = new Dictionary<string, string>(BertRoles) { ["unk_token"] = "[UNK]", ["pad_token"] = "[PAD]" };
            JsonObject ends = Ends(model, "[CLS]", "[SEP]", [":A", "[SEP]", ":B:1"]);
            return Parts(model, Added(model.Vocabulary, roles), Sequence("normalizers", steps), Sequence("pretokenizers", words), ends);
        }

        public TokenizerParts T5()
        {
            const int ExtraIds = 100;
            IEnumerable<(string, double)> extra = Enumerable.Range(0, ExtraIds)
                .Select(i => (string.Create(CultureInfo.InvariantCulture, $"<extra_id_{ExtraIds - 1 - i}>"), 0.0));
            List<(string Piece, double Score)> pieces = [.. Scored(0), .. extra];
            UnigramModel model = Unigram(pieces, file.Trainer.UnkId);
            AddedTokenFiles added = Added(model.Vocabulary, new Dictionary<string, string>
            {
                ["eos_token"] = "</s>",
                ["unk_token"] = "<unk>",
                ["pad_token"] = "<pad>",
            });
            foreach ((string token, double _) in pieces.TakeLast(ExtraIds))
            {
                added.Add(token, special: true);
            }

            JsonObject ends = Templates.Pair(["A", "</s>"], ["A", "</s>", "B", "</s>"], ("</s>", Id(model, "</s>")));
            return Parts(model, added, Map(), WordsThenMetaspace(), ends);
        }

        public TokenizerParts Plain()
        {
            var steps = new JsonArray();
            if (Map() is { } map)
            {
                steps.Add(map);
            }

            steps.Add(new JsonObject { ["type"] = "Strip", ["strip_left"] = false, ["strip_right"] = true });
            steps.Add(new JsonObject { ["type"] = "Replace", ["pattern"] = new JsonObject { ["Regex"] = " {2,}" }, ["content"] = "\u2581" });
            UnigramModel model = Unigram([.. Scored(0)], file.Trainer.UnkId, file.Trainer.ByteFallback);
            TokenizerParts parts = Parts(
                model, Added(model.Vocabulary, []), Sequence("normalizers", steps), Metaspace(), Templates.Pair(["A"], ["A", "B:1"]));
            return file.Trainer.ByteFallback ? parts with { Decoder = ByteDecoder() } : parts;
        }

        public TokenizerParts Llama()
        {
            var entries = new Dictionary<string, int>(StringComparer.Ordinal);
            for (int id = 0; id < file.Pieces.Count; id++)
            {
                if (!entries.TryAdd(file.Pieces[id].Piece, id))
                {
                    throw new AteneaException(Catalogue.VocabularyInvalid, $"the piece '{file.Pieces[id].Piece}' occurs twice", path);
                }
            }

            var vocabulary = new Vocabulary(entries, entries.Count, path);
            var settings = new BpeSettings { FuseUnknown = true, ByteFallback = file.Trainer.ByteFallback };
            var model = new BpeModel(vocabulary, Merges(vocabulary), settings, path);
            JsonObject metaspace = Metaspace("first");
            metaspace["split"] = false;
            TokenizerParts parts = Parts(
                model, Added(vocabulary, new Dictionary<string, string> { ["bos_token"] = "<s>", ["eos_token"] = "</s>", ["unk_token"] = "<unk>" }),
                null, metaspace, Templates.Pair(["A"], ["A", "B:1"]));
            return parts with { Decoder = ByteDecoder() };
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
                        merges.Add((id, CodePoint.Count(piece.AsSpan(0, cut)), CodePoint.Count(piece.AsSpan(cut)), piece[..cut], piece[cut..]));
                    }
                }
            }

            return [.. merges.OrderBy(m => m.Id).ThenBy(m => m.Left).ThenBy(m => m.Right).Select(m => (m.LeftText, m.RightText))];
        }

        /// <summary>Pieces from an id on. A score goes through its JSON form, so that both files give the same segmentations.</summary>
        private IEnumerable<(string Piece, double Score)> Scored(int from) =>
            file.Pieces.Skip(from).Select(p => (p.Piece, ScoreText.RoundTrip(p.Score)));

        private UnigramModel Unigram(List<(string Piece, double Score)> pieces, int unknownId, bool byteFallback = false)
        {
            if (unknownId < 0 || unknownId >= pieces.Count)
            {
                throw new AteneaException(
                    Catalogue.SentencePieceInvalid, $"the unknown piece's id {unknownId} lies outside the {pieces.Count} pieces", path);
            }

            var vocabulary = new Vocabulary(pieces.Select((p, i) => new KeyValuePair<string, int>(p.Piece, i)), pieces.Count, path);
            return new UnigramModel(vocabulary, [.. pieces.Select(p => p.Score)], unknownId, byteFallback);
        }

        private AddedTokenFiles Added(Vocabulary vocabulary, Dictionary<string, string> roles)
        {
            var added = new AddedTokenFiles(t => vocabulary.IdOf(t), vocabulary.Span);
            foreach ((string piece, float _, PieceType type) in file.Pieces)
            {
                if (type is PieceType.Control or PieceType.UserDefined && vocabulary.IdOf(piece) >= 0)
                {
                    added.Add(piece, special: type == PieceType.Control);
                }
            }

            added.AddConfigured(Without(config, "extra_special_tokens"), Path.GetDirectoryName(path)!);
            JsonObject rest = roles.ContainsKey("mask_token") ? config : Without(config, "mask_token");
            added.AddRoles(rest, roles);
            return added;
        }

        /// <summary>transformers writes the model's own pieces into that list, all as special; the model says which are.</summary>
        private static JsonObject Without(JsonObject config, string key)
        {
            var copy = (JsonObject)config.DeepClone();
            copy.Remove(key);
            return copy;
        }

        private TokenizerParts Parts(TokenModel model, AddedTokenFiles added, JsonNode? normalizer, JsonNode words, JsonNode ends) => new()
        {
            Where = path,
            Model = model,
            AddedTokens = added.Tokens,
            Normalizer = normalizer,
            PreTokenizer = words,
            PostProcessor = ends,
            Decoder = Metaspace(),
            Config = config,
        };

        private JsonObject Ends(UnigramModel model, string startDefault, string endDefault, string[] pairMiddle)
        {
            string start = TokenizerConfig.Token(config, "cls_token") ?? startDefault;
            string end = TokenizerConfig.Token(config, "sep_token") ?? endDefault;
            string last = pairMiddle[^1].EndsWith(":1", StringComparison.Ordinal) ? end + ":1" : end;
            string[] pair = [start, .. pairMiddle.Select(p => p[0] == ':' ? p[1..] : end), last];
            return Templates.Pair([start, "A", end], pair, (start, Id(model, start)), (end, Id(model, end)));
        }

        private int Id(UnigramModel model, string token) => model.Vocabulary.IdOf(token) is >= 0 and int id
            ? id
            : throw new AteneaException(Catalogue.VocabularyInvalid, $"the model has no piece '{token}'", path);

        private JsonObject? Map() => file.CharacterMap.IsEmpty
            ? null
            : new JsonObject { ["type"] = "Precompiled", ["precompiled_charsmap"] = file.CharacterMap.ToBase64() };

        private static JsonObject Step(string type) => new() { ["type"] = type };

        private static JsonObject Replace(string text, string content) => new()
        {
            ["type"] = "Replace",
            ["pattern"] = new JsonObject { ["String"] = text },
            ["content"] = content,
        };

        private static JsonObject Sequence(string key, JsonArray steps) => new() { ["type"] = "Sequence", [key] = steps };

        private static JsonObject WordsThenMetaspace() =>
            Sequence("pretokenizers", new JsonArray(WhitespaceSplit.DeepClone(), Metaspace()));

        private static JsonObject Metaspace(string scheme = "always") => new()
        {
            ["type"] = "Metaspace",
            ["replacement"] = "\u2581",
            ["prepend_scheme"] = scheme,
            ["split"] = true,
        };

        private static JsonObject ByteDecoder() => Sequence("decoders", new JsonArray(
            Replace("\u2581", " "),
            Step("ByteFallback"),
            Step("Fuse"),
            new JsonObject { ["type"] = "Strip", ["content"] = " ", ["start"] = 1, ["stop"] = 0 }));
    }
}

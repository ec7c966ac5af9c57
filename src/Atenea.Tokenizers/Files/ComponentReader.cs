using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Builds the components of a pipeline from their objects in tokenizer.json.</summary>
internal sealed class ComponentReader(string where)
{
    /// <summary>The normalizer, or null.</summary>
    public Normalizer? Normalizer(JsonElement? element) => element is not { } value ? null : Type(value) switch
    {
        "BertNormalizer" => Bert(value),
        "NFC" => new UnicodeFormNormalizer(NormalForm.Composed),
        "NFD" => new UnicodeFormNormalizer(NormalForm.Decomposed),
        "NFKC" => new UnicodeFormNormalizer(NormalForm.CompatibilityComposed),
        "NFKD" => new UnicodeFormNormalizer(NormalForm.CompatibilityDecomposed),
        "Lowercase" => new LowercaseNormalizer(),
        "StripAccents" => new RemoveNormalizer(UnicodeTables.Mark),
        "Strip" => new StripNormalizer(value.Flag("strip_left", true, where), value.Flag("strip_right", true, where)),
        "Prepend" => new PrependNormalizer(Text(value, "prepend")),
        "Replace" => new ReplaceNormalizer(Pattern(value), Text(value, "content")),
        "Precompiled" => new PrecompiledNormalizer(Map(value)),
        "Nmt" => new NmtNormalizer(),
        "ByteLevel" => new ByteLevelNormalizer(),
        "Tweet" => new TweetNormalizer(),
        "Sequence" => new SequenceNormalizer([.. value.Items("normalizers", where).Select(v => Normalizer(v)!)]),
        string other => throw Unknown("normalizer", other),
    };

    /// <summary>The pre-tokenizer, or null.</summary>
    public PreTokenizer? PreTokenizer(JsonElement? element) => element is not { } value ? null : Type(value) switch
    {
        "BertPreTokenizer" => new BertPreTokenizer(),
        "Whitespace" => new WhitespacePreTokenizer(),
        "WhitespaceSplit" => new WhitespaceSplitPreTokenizer(),
        "ByteLevel" => new ByteLevelPreTokenizer(value.Flag("add_prefix_space", true, where), value.Flag("use_regex", true, where)),
        "Metaspace" => new MetaspacePreTokenizer(Replacement(value)[0], Scheme(value), value.Flag("split", true, where)),
        "Split" => new SplitPreTokenizer(Pattern(value), Behavior(value, "Removed"), value.Flag("invert", false, where)),
        "Punctuation" => new CharacterPreTokenizer(UnicodeTables.Punctuation, Behavior(value, "Isolated")),
        "Digits" => new CharacterPreTokenizer(
            UnicodeTables.Numeric, value.Flag("individual_digits", false, where) ? SplitBehavior.Isolated : SplitBehavior.Contiguous),
        "CharDelimiterSplit" => new CharacterPreTokenizer(Delimiter(value), SplitBehavior.Removed),
        "SubwordNmt" => new SubwordNmtPreTokenizer(),
        "UnicodeScripts" => new UnicodeScriptsPreTokenizer(),
        "Sequence" => new SequencePreTokenizer([.. value.Items("pretokenizers", where).Select(v => PreTokenizer(v)!)]),
        string other => throw Unknown("pre-tokenizer", other),
    };

    /// <summary>The decoder, or null.</summary>
    public Decoder? Decoder(JsonElement? element) => element is not { } value ? null : Type(value) switch
    {
        "WordPiece" => new WordPieceDecoder(value.Text("prefix", where, "##")!, value.Flag("cleanup", true, where)),
        "ByteLevel" => new ByteLevelDecoder(),
        "Metaspace" => new MetaspaceDecoder(Replacement(value), Scheme(value) != PrependScheme.Never),
        "ByteFallback" => new ByteFallbackDecoder(),
        "Fuse" => new FuseDecoder(),
        "SubwordNmt" => new SubwordNmtDecoder(),
        "BPEDecoder" => new BpeDecoder(value.Text("suffix", where, "</w>")!),
        "Strip" => new StripDecoder(
            value.Text("content", where, " ")!, value.Integer("start", where) ?? 0, value.Integer("stop", where) ?? 0),
        "Replace" => new ReplaceDecoder(Pattern(value), Text(value, "content")),
        "CTC" => new CtcDecoder(
            value.Text("pad_token", where, "<pad>")!, value.Text("word_delimiter_token", where, "|")!, value.Flag("cleanup", true, where)),
        "Sequence" => new SequenceDecoder([.. value.Items("decoders", where).Select(v => Decoder(v)!)]),
        string other => throw Unknown("decoder", other),
    };

    /// <summary>The post-processor; without one, sequences are joined as they are.</summary>
    public PostProcessor PostProcessor(JsonElement? element)
    {
        var processor = new PostProcessor { IsDefault = element is null };
        if (element is { } value)
        {
            Read(value, processor);
        }

        return processor;
    }

    private void Read(JsonElement value, PostProcessor processor)
    {
        switch (Type(value))
        {
            case "Sequence":
                foreach (JsonElement step in value.Items("processors", where))
                {
                    Read(step, processor);
                }

                break;
            case "TemplateProcessing":
                processor.Single = Template(value, "single");
                processor.Pair = Template(value, "pair");
                break;
            case "BertProcessing":
                (int separator, string separatorToken) = TokenAndId(value, "sep");
                (int start, string startToken) = TokenAndId(value, "cls");
                TemplatePart[] single =
                    [TemplatePart.Special(start, startToken, 0), TemplatePart.Of(0, 0), TemplatePart.Special(separator, separatorToken, 0)];
                processor.Single = single;
                processor.Pair = [.. single, TemplatePart.Of(1, 1), TemplatePart.Special(separator, separatorToken, 1)];
                break;
            case "RobertaProcessing":
                (separator, separatorToken) = TokenAndId(value, "sep");
                (start, startToken) = TokenAndId(value, "cls");
                var end = TemplatePart.Special(separator, separatorToken, 0);
                processor.Single = [TemplatePart.Special(start, startToken, 0), TemplatePart.Of(0, 0), end];
                processor.Pair = [.. processor.Single, end, TemplatePart.Of(1, 0), end];
                processor.TypesOverflow = true;
                processor.TrimOffsets = value.Flag("trim_offsets", true, where);
                processor.AddPrefixSpace = value.Flag("add_prefix_space", true, where);
                break;
            case "ByteLevel":
                processor.TrimOffsets = value.Flag("trim_offsets", true, where);
                processor.AddPrefixSpace = value.Flag("add_prefix_space", true, where);
                break;
            case string other:
                throw Unknown("post-processor", other);
        }
    }

    private TemplatePart[] Template(JsonElement value, string key)
    {
        List<TemplatePart> parts = [];
        foreach (JsonElement part in value.Items(key, where))
        {
            if (part.Optional("Sequence") is { } sequence)
            {
                parts.Add(TemplatePart.Of(Text(sequence, "id") == "A" ? 0 : 1, sequence.Integer("type_id", where) ?? 0));
                continue;
            }

            JsonElement special = part.Required("SpecialToken", where);
            string name = Text(special, "id");
            JsonElement token = value.Required("special_tokens", where).Required(name, where);
            parts.Add(new TemplatePart(
                Encoding.None,
                special.Integer("type_id", where) ?? 0,
                [.. token.Items("ids", where).Select(i => i.AsInteger("ids", where))],
                [.. token.Items("tokens", where).Select(t => t.AsText("tokens", where))]));
        }

        return [.. parts];
    }

    private (int Id, string Token) TokenAndId(JsonElement value, string key)
    {
        JsonElement[] pair = [.. value.Items(key, where)];
        return pair.Length == 2
            ? (pair[1].AsInteger(key, where), pair[0].AsText(key, where))
            : throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'{key}' must be a token and its id", where);
    }

    private BertNormalizer Bert(JsonElement value)
    {
        bool lowercase = value.Flag("lowercase", true, where);
        return new BertNormalizer(
            value.Flag("clean_text", true, where),
            value.Flag("handle_chinese_chars", true, where),
            value.Flag("strip_accents", lowercase, where),
            lowercase);
    }

    private TextPattern Pattern(JsonElement value)
    {
        JsonElement pattern = value.Required("pattern", where);
        return pattern.Optional("Regex") is { } regex
            ? TextPattern.Expression(regex.AsText("Regex", where), where)
            : TextPattern.Literal(Text(pattern, "String"));
    }

    private CharacterMap Map(JsonElement value)
    {
        string text = Text(value, "precompiled_charsmap");
        try
        {
            return new CharacterMap(Convert.FromBase64String(text), where);
        }
        catch (FormatException e)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, "the precompiled character map is not base64", where, inner: e);
        }
    }

    private string Replacement(JsonElement value) => value.Text("replacement", where, "\u2581") is { Length: 1 } text
        ? text
        : throw new AteneaException(Catalogue.TokenizerFileInvalid, "a metaspace's replacement must be one character", where);

    /// <summary>Old files say <c>add_prefix_space</c> where newer ones name a scheme.</summary>
    private PrependScheme Scheme(JsonElement value) => value.Text("prepend_scheme", where) switch
    {
        "always" => PrependScheme.Always,
        "first" => PrependScheme.First,
        "never" => PrependScheme.Never,
        null => value.Flag("add_prefix_space", true, where) ? PrependScheme.Always : PrependScheme.Never,
        string other => throw Unknown("prepend scheme", other),
    };

    private SplitBehavior Behavior(JsonElement value, string otherwise) => value.Text("behavior", where, otherwise)! switch
    {
        "Removed" => SplitBehavior.Removed,
        "Isolated" => SplitBehavior.Isolated,
        "MergedWithPrevious" => SplitBehavior.MergedWithPrevious,
        "MergedWithNext" => SplitBehavior.MergedWithNext,
        "Contiguous" => SplitBehavior.Contiguous,
        string other => throw Unknown("split behavior", other),
    };

    private CodePointSet Delimiter(JsonElement value)
    {
        string text = Text(value, "delimiter");
        if (text.Length == 0) throw new AteneaException(Catalogue.TokenizerFileInvalid, "'delimiter' is empty", where);

        var set = new CodePointSet();
        int codePoint = CodePoint.At(text, 0, out _);
        set.Add(codePoint, codePoint);
        return set;
    }

    private string Type(JsonElement value) => Text(value, "type");

    private string Text(JsonElement value, string key) => value.Required(key, where).AsText(key, where);

    private AteneaException Unknown(string kind, string name) =>
        new(Catalogue.TokenizerComponentUnknown, $"there is no {kind} '{name}'", where);
}

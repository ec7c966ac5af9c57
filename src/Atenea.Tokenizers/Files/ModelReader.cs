using System.Runtime.InteropServices;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Reads the <c>model</c> object of tokenizer.json.</summary>
internal static class ModelReader
{
    /// <summary>Reads the model. Old files leave its type out; it is then told by the keys.</summary>
    public static TokenModel Read(JsonElement model, string where)
    {
        string? type = model.Text("type", where);
        if (type is null)
        {
            type = model.Optional("merges") is not null ? "BPE"
                : model.Optional("unk_id") is not null || model.Optional("vocab")?.ValueKind == JsonValueKind.Array ? "Unigram"
                : model.Optional("continuing_subword_prefix") is not null ? "WordPiece"
                : "WordLevel";
        }

        return type switch
        {
            "WordPiece" => new WordPieceModel(
                ReadVocabulary(model, where),
                model.Text("unk_token", where, "[UNK]")!,
                model.Text("continuing_subword_prefix", where, "##")!,
                model.Integer("max_input_chars_per_word", where) ?? 100,
                where),
            "WordLevel" => new WordLevelModel(ReadVocabulary(model, where), model.Text("unk_token", where, "<unk>")!, where),
            "BPE" => ReadBpe(model, where),
            "Unigram" => ReadUnigram(model, where),
            _ => throw new AteneaException(Catalogue.TokenizerComponentUnknown, $"there is no model '{type}'", where),
        };
    }

    private static BpeModel ReadBpe(JsonElement model, string where)
    {
        if (model.Optional("dropout") is { ValueKind: JsonValueKind.Number } dropout && dropout.GetDouble() > 0)
        {
            throw new AteneaException(Catalogue.TokenizerComponentUnknown, $"BPE with dropout {dropout}, which is random", where,
                "set dropout to null in the file");
        }

        List<(string, string)> merges = [];
        foreach (JsonElement merge in model.Items("merges", where))
        {
            if (merge.ValueKind == JsonValueKind.Array && merge.GetArrayLength() == 2)
            {
                merges.Add((merge[0].AsText("merges", where), merge[1].AsText("merges", where)));
            }
            else
            {
                merges.Add(SplitMerge(merge.AsText("merges", where), merges.Count, where));
            }
        }

        var settings = new BpeSettings
        {
            UnknownToken = model.Text("unk_token", where),
            ContinuingPrefix = model.Text("continuing_subword_prefix", where),
            EndOfWordSuffix = model.Text("end_of_word_suffix", where),
            FuseUnknown = model.Flag("fuse_unk", false, where),
            ByteFallback = model.Flag("byte_fallback", false, where),
            IgnoreMerges = model.Flag("ignore_merges", false, where),
        };
        return new BpeModel(ReadVocabulary(model, where), merges, settings, where);
    }

    /// <summary>Splits a merge written as two pieces with a space between.</summary>
    public static (string Left, string Right) SplitMerge(string merge, int number, string where)
    {
        int space = merge.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && space == merge.LastIndexOf(' ') && space < merge.Length - 1
            ? (merge[..space], merge[(space + 1)..])
            : throw new AteneaException(Catalogue.MergesInvalid, $"merge {number + 1} '{merge}' is not two pieces", where);
    }

    private static UnigramModel ReadUnigram(JsonElement model, string where)
    {
        List<string> pieces = [];
        List<double> scores = [];
        foreach (JsonElement entry in model.Items("vocab", where))
        {
            bool isPair = entry.ValueKind == JsonValueKind.Array && entry.GetArrayLength() == 2;
            double score = isPair && entry[1].ValueKind == JsonValueKind.Number
                ? ScoreText.Read(JsonMarshal.GetRawUtf8Value(entry[1]))
                : double.NaN;
            if (!double.IsFinite(score))
            {
                throw new AteneaException(
                    Catalogue.VocabularyInvalid, $"entry {pieces.Count} of the vocabulary is not a piece and its score", where);
            }

            pieces.Add(entry[0].AsText("vocab", where));
            scores.Add(score);
        }

        int? unknown = model.Integer("unk_id", where);
        if (unknown is { } id && (id < 0 || id >= pieces.Count))
        {
            throw new AteneaException(Catalogue.UnknownTokenMissing, $"unk_id {id} lies outside the {pieces.Count} pieces", where);
        }

        return new UnigramModel(
            Vocabulary.Of(pieces, pieces.Count, where), [.. scores], unknown, model.Flag("byte_fallback", false, where));
    }

    private static Vocabulary ReadVocabulary(JsonElement model, string where)
    {
        JsonElement vocabulary = model.Required("vocab", where);
        if (vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, $"'vocab' is {JsonReading.Name(vocabulary)}, not an object", where);
        }

        return ReadEntries(vocabulary, where);
    }

    /// <summary>Reads an object of tokens and ids.</summary>
    public static Vocabulary ReadEntries(JsonElement vocabulary, string where) =>
        new(Entries(vocabulary, where), vocabulary.GetPropertyCount(), where);

    private static IEnumerable<KeyValuePair<string, int>> Entries(JsonElement vocabulary, string where)
    {
        foreach (JsonProperty entry in vocabulary.EnumerateObject())
        {
            yield return new KeyValuePair<string, int>(entry.Name, entry.Value.AsInteger(entry.Name, where));
        }
    }
}

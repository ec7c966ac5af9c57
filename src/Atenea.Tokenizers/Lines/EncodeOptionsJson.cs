using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Reads options as a JSON object gives them, under their names in transformers.</summary>
internal static class EncodeOptionsJson
{
    /// <summary>
    /// The options of an input object: its <c>options</c> and <c>add_special_tokens</c>. Without them nothing is cut or padded.
    /// </summary>
    /// <exception cref="AteneaException">ATN0301: a value is of another kind. ATN0311: an option or a name is not known.</exception>
    public static EncodeOptions Read(JsonElement input, string where)
    {
        var options = new EncodeOptions
        {
            AddSpecialTokens = input.Flag("add_special_tokens", true, where),
            Truncation = TruncationStrategy.None,
        };
        if (input.Optional("options") is not { } given) return options;

        foreach (JsonProperty option in given.EnumerateObject().Where(o => o.Value.ValueKind != JsonValueKind.Null))
        {
            JsonElement value = option.Value;
            options = option.Name switch
            {
                "max_length" => options with { MaxLength = value.AsInteger("max_length", where) },
                "stride" => options with { Stride = value.AsInteger("stride", where) },
                "pad_to_multiple_of" => options with { PadToMultipleOf = value.AsInteger("pad_to_multiple_of", where) },
                "truncation" => options with { Truncation = TruncationOf(value, where) },
                "padding" => options with { Padding = PaddingOf(value, where) },
                "truncation_side" => options with { TruncationSide = SideOf(value, "truncation_side", where) },
                "padding_side" => options with { PaddingSide = SideOf(value, "padding_side", where) },
                "add_special_tokens" => options with { AddSpecialTokens = given.Flag("add_special_tokens", true, where) },
                string other => throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"there is no option '{other}'", where),
            };
        }

        return options;
    }

    private static TruncationStrategy TruncationOf(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.True => TruncationStrategy.LongestFirst,
        JsonValueKind.False => TruncationStrategy.None,
        _ => value.AsText("truncation", where) switch
        {
            "longest_first" => TruncationStrategy.LongestFirst,
            "only_first" => TruncationStrategy.OnlyFirst,
            "only_second" => TruncationStrategy.OnlySecond,
            "do_not_truncate" => TruncationStrategy.None,
            string other => throw NotKnown("truncation", other, where),
        },
    };

    private static PaddingStrategy PaddingOf(JsonElement value, string where) => value.ValueKind switch
    {
        JsonValueKind.True => PaddingStrategy.Longest,
        JsonValueKind.False => PaddingStrategy.None,
        _ => value.AsText("padding", where) switch
        {
            "longest" => PaddingStrategy.Longest,
            "max_length" => PaddingStrategy.MaxLength,
            "do_not_pad" => PaddingStrategy.None,
            string other => throw NotKnown("padding", other, where),
        },
    };

    private static Side SideOf(JsonElement value, string key, string where) => value.AsText(key, where) switch
    {
        "right" => Side.Right,
        "left" => Side.Left,
        string other => throw NotKnown(key, other, where),
    };

    private static AteneaException NotKnown(string key, string value, string where) =>
        new(Catalogue.TokenizerOptionInvalid, $"{key} '{value}'", where);
}

using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Builds post-processor objects of tokenizer.json.</summary>
internal static class Templates
{
    /// <summary>
    /// A TemplateProcessing. A part is <c>A</c>, <c>B</c> or a special token, with <c>:n</c> behind it for a type id other than 0.
    /// </summary>
    public static JsonObject Pair(string[] single, string[] pair, params (string Token, int Id)[] specials)
    {
        var tokens = new JsonObject();
        foreach ((string token, int id) in specials)
        {
            tokens[token] = new JsonObject { ["id"] = token, ["ids"] = new JsonArray(id), ["tokens"] = new JsonArray(token) };
        }

        return new JsonObject
        {
            ["type"] = "TemplateProcessing",
            ["single"] = Parts(single),
            ["pair"] = Parts(pair),
            ["special_tokens"] = tokens,
        };
    }

    /// <summary>A RobertaProcessing.</summary>
    public static JsonObject Roberta(int endId, string end, int startId, string start, bool trimOffsets, bool addPrefixSpace) => new()
    {
        ["type"] = "RobertaProcessing",
        ["sep"] = new JsonArray(end, endId),
        ["cls"] = new JsonArray(start, startId),
        ["trim_offsets"] = trimOffsets,
        ["add_prefix_space"] = addPrefixSpace,
    };

    private static JsonArray Parts(string[] parts)
    {
        var array = new JsonArray();
        foreach (string part in parts)
        {
            bool typed = part.Length > 2 && part[^2] == ':' && char.IsAsciiDigit(part[^1]);
            string name = typed ? part[..^2] : part;
            array.Add((JsonNode)new JsonObject
            {
                [name is "A" or "B" ? "Sequence" : "SpecialToken"] = new JsonObject { ["id"] = name, ["type_id"] = typed ? part[^1] - '0' : 0 },
            });
        }

        return array;
    }
}

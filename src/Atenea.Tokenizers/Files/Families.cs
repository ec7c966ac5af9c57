using System.Text.Json;
using System.Text.Json.Nodes;

namespace Atenea.Tokenizers;

/// <summary>Finds the family of a tokenizer from <c>tokenizer_class</c>, or from <c>model_type</c> in config.json.</summary>
internal static class Families
{
    private static readonly Dictionary<string, string> ByModelType = new(StringComparer.Ordinal)
    {
        ["albert"] = "AlbertTokenizer",
        ["bert"] = "BertTokenizer",
        ["camembert"] = "CamembertTokenizer",
        ["deberta-v2"] = "DebertaV2Tokenizer",
        ["distilbert"] = "DistilBertTokenizer",
        ["electra"] = "ElectraTokenizer",
        ["gpt2"] = "GPT2Tokenizer",
        ["llama"] = "LlamaTokenizer",
        ["mpnet"] = "MPNetTokenizer",
        ["mt5"] = "T5Tokenizer",
        ["qwen2"] = "Qwen2Tokenizer",
        ["qwen3"] = "Qwen2Tokenizer",
        ["roberta"] = "RobertaTokenizer",
        ["t5"] = "T5Tokenizer",
        ["xlm-roberta"] = "XLMRobertaTokenizer",
    };

    /// <summary>The class that a tokenizer.json is opened with where the configuration names none.</summary>
    public static string SavedClass(TokenModel model) =>
        model is SubwordNmtModel ? "BertweetTokenizer" : "PreTrainedTokenizerFast";

    /// <summary>The class name without the suffix of the fast variants, or null if the folder does not tell.</summary>
    public static string? Of(string directory, JsonObject config)
    {
        if (TokenizerConfig.ClassName(config) is { } name && name != "PreTrainedTokenizerFast") return name;

        string path = Path.Combine(directory, "config.json");
        if (!File.Exists(path)) return null;

        JsonElement model = JsonReading.ReadObject(path);
        return model.Text("tokenizer_class", path) ?? ByModelType.GetValueOrDefault(model.Text("model_type", path) ?? "");
    }
}

namespace Atenea.Tokenizers;

/// <summary>
/// The roles of special tokens in tokenizer_config.json, and the tokens that a family's class in transformers gives them where that file
/// names none.
/// </summary>
internal static class SpecialTokenRoles
{
    /// <summary>The roles in the order in which the reference appends tokens that the vocabulary lacks.</summary>
    public static readonly string[] InOrder = ["bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token"];

    /// <summary>BERT and DeBERTa-v2.</summary>
    public static readonly IReadOnlyDictionary<string, string> Bert = Of("[CLS]", "[SEP]", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]");

    /// <summary>ALBERT.</summary>
    public static readonly IReadOnlyDictionary<string, string> Albert = Of("[CLS]", "[SEP]", "<unk>", "[SEP]", "<pad>", "[CLS]", "[MASK]");

    /// <summary>
    /// RoBERTa, XLM-RoBERTa, BERTweet and PhoBERT. None takes white space in: the mask of the published tokenizer.json of RoBERTa does, but
    /// not that of the reference's class for the older files, unless the configuration says so.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Roberta = Of("<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", "<mask>");

    /// <summary>CamemBERT, whose mask takes white space in and is added by itself.</summary>
    public static readonly IReadOnlyDictionary<string, string> Camembert = Of("<s>", "</s>", "<unk>", "</s>", "<pad>", "<s>", null);

    /// <summary>MPNet.</summary>
    public static readonly IReadOnlyDictionary<string, string> Mpnet = Of("<s>", "</s>", "[UNK]", "</s>", "<pad>", "<s>", "<mask>");

    /// <summary>GPT-2 and Qwen2.</summary>
    public static readonly IReadOnlyDictionary<string, string> Gpt = Of("<|endoftext|>", "<|endoftext|>", "<|endoftext|>");

    /// <summary>T5.</summary>
    public static readonly IReadOnlyDictionary<string, string> T5 = Of(null, "</s>", "<unk>", null, "<pad>");

    /// <summary>Llama.</summary>
    public static readonly IReadOnlyDictionary<string, string> Llama = Of("<s>", "</s>", "<unk>");

    /// <summary>No defaults.</summary>
    public static readonly IReadOnlyDictionary<string, string> None = Of();

    /// <summary>Tokens in the order of <see cref="InOrder"/>.</summary>
    private static Dictionary<string, string> Of(params string?[] tokens) => InOrder.Zip(tokens)
        .Where(entry => entry.Second is not null).ToDictionary(entry => entry.First, entry => entry.Second!, StringComparer.Ordinal);
}

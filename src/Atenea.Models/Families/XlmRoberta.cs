namespace Atenea.Models;

/// <summary>
/// XLM-RoBERTa: <see cref="Roberta"/> for a hundred languages.
/// Paper: Conneau et al., "Unsupervised Cross-lingual Representation Learning at Scale", ACL 2020, https://arxiv.org/abs/1911.02116. Names
/// as in transformers' <c>XLMRobertaModel</c>, whose checkpoints keep the prefix <c>roberta</c>.
/// Differences to RoBERTa: the vocabulary (SentencePiece) and the class names.
/// </summary>
internal static class XlmRoberta
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = Roberta.FamilyAs("xlm-roberta", "XLMRoberta");
}

namespace Atenea.Models;

/// <summary>
/// CamemBERT: <see cref="Roberta"/> for French.
/// Paper: Martin et al., "CamemBERT: a Tasty French Language Model", ACL 2020, https://arxiv.org/abs/1911.03894. Names as in transformers'
/// <c>CamembertModel</c>, whose checkpoints keep the prefix <c>roberta</c>.
/// Differences to RoBERTa: the vocabulary (SentencePiece; <c>&lt;s&gt;</c> is 5 and <c>&lt;/s&gt;</c> is 6) and the class names.
/// </summary>
internal static class Camembert
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = Roberta.FamilyAs("camembert", "Camembert");
}

namespace Atenea.Models;

/// <summary>
/// A decoder that gives one output per word of the vocabulary for each token, which foretells the next one: <c>Qwen2ForCausalLM</c>,
/// <c>GPT2LMHeadModel</c>. The labels are those of the tokens themselves: token i is compared with the label of token i + 1, and the first
/// label with nothing.
/// </summary>
public sealed class CausalLanguageModel : TokenModel
{
    private CausalLanguageModel(HeadSite site)
        : base(site, site.Family.CreateCausalLanguageHead!(site))
    {
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "text-generation", "causal language modelling", "ForCausalLM", typeof(CausalLanguageModel),
        static family => family.CreateCausalLanguageHead is not null, static site => new CausalLanguageModel(site))
    {
        Aliases = ["causal-lm"],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("clm")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        ReadOnlySpan<int> ids = LabelsOf(batch, labels);
        int firstLabels = 0; // They follow no token.
        foreach (int token in batch.FirstTokens) firstLabels += ids[token] == ClassificationLoss.Ignored ? 0 : 1;
        counts[0] += ClassificationLoss.CountOf(ids) - firstLabels;
    }

    /// <inheritdoc/>
    private protected override void Take(LabelledTokens labelled, InputBatch batch, ReadOnlySpan<int> labels) =>
        labelled.TakeNext(labels, batch.Offsets);
}

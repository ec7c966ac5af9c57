using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A decoder that gives one output per word of the vocabulary for each token, which foretells the next one: <c>Qwen2ForCausalLM</c>,
/// <c>GPT2LMHeadModel</c>.
/// </summary>
public sealed class CausalLanguageModel : LanguageModel
{
    private CausalLanguageModel(HeadSite site, RowHead head)
        : base(site, head, ClassSuffix)
    {
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForCausalLM";

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static CausalLanguageModel FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("clm")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        TakeNext(batch, labels);
        counts[0] += Labelled.Count;
    }

    /// <inheritdoc/>
    /// <remarks>The labels are those of the tokens themselves: token i is compared with the label of token i + 1, and the first label with
    /// nothing.</remarks>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        TakeNext(batch, labels);
        Tensor foretelling = tape.SelectRows(outputs.First.Values, Labelled.Rows);
        return Single(ClassificationLoss.CrossEntropy(tape, foretelling, Labelled.Labels, labelSmoothing));
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(Tape tape, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        TakeNext(batch, labels);
        return Single(Labelled.CrossEntropy(tape, Encoder, Head, batch, labelSmoothing));
    }

    /// <summary>The tokens whose next token has a label, with that label.</summary>
    private void TakeNext(InputBatch batch, ModelLabels labels) =>
        Labelled.TakeNext(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"), batch.Offsets);

    internal static CausalLanguageModel Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new CausalLanguageModel(site, site.Require(family.CreateCausalLanguageHead, ClassSuffix)(site)));
}

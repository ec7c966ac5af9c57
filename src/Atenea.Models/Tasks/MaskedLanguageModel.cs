using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a decoder that gives one output per word of the vocabulary for each token: <c>BertForMaskedLM</c> and the like.
/// </summary>
public sealed class MaskedLanguageModel : LanguageModel
{
    private MaskedLanguageModel(HeadSite site, RowHead head)
        : base(site, head, ClassSuffix)
    {
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForMaskedLM";

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static MaskedLanguageModel FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("mlm")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) =>
        counts[0] += ClassificationLoss.CountOf(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"));

    /// <inheritdoc/>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        ReadOnlySpan<int> ids = labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens");
        return Single(ClassificationLoss.CrossEntropy(tape, outputs.First.Values, ids, labelSmoothing));
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(Tape tape, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        Labelled.Take(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"));
        return Single(Labelled.CrossEntropy(tape, Encoder, Head, batch, labelSmoothing));
    }

    internal static MaskedLanguageModel Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new MaskedLanguageModel(site, site.Require(family.CreateMaskedLanguageHead, ClassSuffix)(site)));
}

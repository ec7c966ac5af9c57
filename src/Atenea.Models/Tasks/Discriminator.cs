using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder that says for each token whether a generator put it in place of the original: <c>ElectraForPreTraining</c> (Clark et al.
/// 2020, section 3.1).
/// </summary>
public sealed class Discriminator : TaskModel
{
    private readonly RowHead _head;

    private Discriminator(HeadSite site, RowHead head)
        : base(site, ClassSuffix) => _head = head;

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForPreTraining";

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Token)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("replaced")];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static Discriminator FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>Logits, [tokens, 1]; above 0 for a replaced token.</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _head(tape, Encoder.Forward(tape, batch, capture).LastHiddenState);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Token, column: 0);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) => counts[0] += Replaced(batch, labels).Length;

    /// <inheritdoc/>
    public override ModelLoss LossOf(Tape tape, in ModelOutputs outputs, InputBatch batch, ModelLabels labels, float labelSmoothing = 0)
    {
        return Single(tape.BinaryCrossEntropyWithLogits(outputs.First.Values, Replaced(batch, labels)));
    }

    /// <summary>1 for each token that was replaced, else 0.</summary>
    private static ReadOnlySpan<float> Replaced(InputBatch batch, ModelLabels labels)
    {
        ReadOnlySpan<float> replaced = labels.Numbers(ModelLabels.Usual);
        return replaced.Length == batch.Tokens ? replaced
            : throw new AteneaException(Catalogue.LabelsDoNotFit, $"{replaced.Length} labels for {batch.Tokens} tokens");
    }

    internal static Discriminator Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new Discriminator(site, site.Require(family.CreateDiscriminatorHead, ClassSuffix)(site)));
}

using Atenea.Errors;

namespace Atenea.Models;

/// <summary>
/// An encoder that says for each token whether a generator put it in place of the original: <c>ElectraForPreTraining</c> (Clark et al.
/// 2020, section 3.1). One output per token, above 0 for a replaced one.
/// </summary>
public sealed class Discriminator : TokenModel
{
    private Discriminator(HeadSite site)
        : base(site, site.Family.CreateDiscriminatorHead!(site))
    {
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "replaced-token-detection", "replaced token detection", "ForPreTraining", typeof(Discriminator),
        static family => family.CreateDiscriminatorHead is not null, static site => new Discriminator(site));

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("replaced")];

    /// <inheritdoc/>
    public override ModelOutputs Run(ForwardPass pass) => ModelOutputs.Logits(Forward(pass), Granularity.Token, column: 0);

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) => counts[0] += Replaced(batch, labels).Length;

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0) =>
        pass.NewLoss().Add(
            LossTerms[0], pass.Tape.BinaryCrossEntropyWithLogits(outputs.First.Values, Replaced(pass.Batch, labels)));

    /// <inheritdoc/>
    public override ModelLoss Loss(ForwardPass pass, ModelLabels labels, float labelSmoothing = 0) =>
        LossOf(pass, Run(pass), labels, labelSmoothing);

    /// <summary>1 for each token that was replaced, else 0.</summary>
    private static ReadOnlySpan<float> Replaced(InputBatch batch, ModelLabels labels)
    {
        ReadOnlySpan<float> replaced = labels.Numbers(ModelLabels.Usual);
        return replaced.Length == batch.Tokens ? replaced
            : throw new AteneaException(Catalogue.LabelsDoNotFit, $"{replaced.Length} labels for {batch.Tokens} tokens");
    }
}

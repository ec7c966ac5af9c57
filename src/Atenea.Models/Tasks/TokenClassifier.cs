using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with a head that gives one output per label for each token: <c>BertForTokenClassification</c> and the like (names, parts of
/// speech).
/// </summary>
public sealed class TokenClassifier : TaskModel
{
    private readonly RowHead _head;
    private readonly LabelledTokens _labelled = new();

    private TokenClassifier(HeadSite site, RowHead head)
        : base(site, ClassSuffix)
    {
        _head = head;
        Labels = site.Config.Labels;
    }

    /// <summary>What follows the family's stem in the class name.</summary>
    public const string ClassSuffix = "ForTokenClassification";

    /// <summary>The label names by id.</summary>
    public IReadOnlyList<string> Labels { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Token)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("labels")];

    /// <summary>Builds a model with newly drawn weights.</summary>
    /// <param name="config">The configuration; copied.</param>
    /// <param name="seed">The weights depend on it and on the parameters' names alone.</param>
    /// <exception cref="Errors.AteneaException">
    /// The family is unknown (ATN0501) or has no such class (ATN0509), or a value makes no sense (ATN0410, ATN0502, ATN0503).
    /// </exception>
    public static TokenClassifier FromConfig(ModelConfig config, ulong seed) => WithNewWeights(Create(config.Clone(), ModelRegistry.FamilyOf(config)), seed);

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>Logits, [tokens, labels].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _head(tape, Encoder.Forward(tape, batch, capture).LastHiddenState);

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Token);

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
        _labelled.Take(labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens"));
        return Single(_labelled.CrossEntropy(tape, Encoder, _head, batch, labelSmoothing));
    }

    internal static TokenClassifier Create(ModelConfig config, ModelFamily family) =>
        HeadSite.Build(config, family, family.Prefix, site => new TokenClassifier(site, site.Require(family.CreateTokenHead, ClassSuffix)(site)));
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// An encoder with the two heads that BERT and ALBERT were pretrained with, masked words and the order of two sentences:
/// <c>BertForPreTraining</c>, <c>AlbertForPreTraining</c>. Its loss is the sum of both means.
/// </summary>
public sealed class PretrainingModel : TaskModel
{
    private readonly PretrainingHead _head;

    private PretrainingModel(HeadSite site)
        : base(site)
    {
        _head = site.Family.CreatePretrainingHead!(site);
        LabelArguments =
            [new LabelArgument(ModelLabels.Usual, Granularity.Token), new LabelArgument(_head.OrderLabels, Granularity.Sequence)];
        LossTerms = [new LossTerm("mlm"), new LossTerm(_head.OrderTerm)];
    }

    /// <summary>The registration of the task.</summary>
    public static ModelTask Task { get; } = new(
        "pretraining", "pretraining", "ForPreTraining", typeof(PretrainingModel),
        static family => family.CreatePretrainingHead is not null, static site => new PretrainingModel(site));

    /// <inheritdoc/>
    public override Pooler? Pooler => _head.Order.Pooler;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; }

    /// <inheritdoc/>
    public override ModelOutputs Run(ForwardPass pass)
    {
        Tensor states = Encoder.Forward(pass);
        return new ModelOutputs(
            new ModelOutput("prediction_logits", _head.MaskedLanguage(pass, states), Granularity.Token),
            new ModelOutput(_head.OrderOutput, _head.Order.FromAll(pass, states), Granularity.Sequence));
    }

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts)
    {
        counts[0] += ClassificationLoss.CountOf(Words(batch, labels));
        counts[1] += ClassificationLoss.CountOf(Order(batch, labels));
    }

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0)
    {
        pass.Labelled.Take(Words(pass.Batch, labels));
        Tensor decoded = pass.Tape.SelectRows(outputs.First.Values, pass.Labelled.Rows);
        return LossOf(pass, decoded, outputs.Second!.Value.Values, labels, labelSmoothing);
    }

    /// <inheritdoc/>
    public override ModelLoss Loss(ForwardPass pass, ModelLabels labels, float labelSmoothing = 0)
    {
        pass.Labelled.Take(Words(pass.Batch, labels));
        Tensor states = Encoder.Forward(pass);
        Tensor decoded = _head.MaskedLanguage(pass, pass.Tape.SelectRows(states, pass.Labelled.Rows));
        return LossOf(pass, decoded, _head.Order.FromAll(pass, states), labels, labelSmoothing);
    }

    private static ReadOnlySpan<int> Words(InputBatch batch, ModelLabels labels) =>
        labels.Ids(ModelLabels.Usual, batch.Tokens, "tokens");

    private ReadOnlySpan<int> Order(InputBatch batch, ModelLabels labels) =>
        labels.Ids(_head.OrderLabels, batch.Sequences, "sequences");

    /// <summary>The loss of the labelled tokens' outputs and of the sequences' outputs.</summary>
    private ModelLoss LossOf(ForwardPass pass, Tensor decoded, Tensor order, ModelLabels labels, float labelSmoothing)
    {
        ReadOnlySpan<int> words = pass.Labelled.Labels;
        return pass.NewLoss()
            .Add(LossTerms[0], ClassificationLoss.CrossEntropy(pass.Tape, decoded, words, labelSmoothing))
            .Add(LossTerms[1], ClassificationLoss.CrossEntropy(pass.Tape, order, Order(pass.Batch, labels), labelSmoothing));
    }
}

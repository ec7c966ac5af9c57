using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A model with a head that gives each sequence a row of outputs.</summary>
public abstract class SequenceModel : TaskModel
{
    private readonly SequenceHead _head;
    private readonly Granularity _granularity;

    private protected SequenceModel(HeadSite site, SequenceHead head, Granularity granularity)
        : base(site)
    {
        _head = head;
        _granularity = granularity;
        LabelArguments = [new LabelArgument(ModelLabels.Usual, granularity)];
    }

    /// <inheritdoc/>
    public sealed override Pooler? Pooler => _head.Pooler;

    /// <inheritdoc/>
    public sealed override IReadOnlyList<LabelArgument> LabelArguments { get; }

    /// <summary>Runs the model. Unless the pass has a capture, the last block runs over the tokens that the head reads alone.</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <returns>Logits, [sequences, outputs].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(ForwardPass pass) => _head.Run(pass, Encoder);

    /// <inheritdoc/>
    public sealed override ModelOutputs Run(ForwardPass pass) => ModelOutputs.Logits(Forward(pass), _granularity);

    /// <summary>A loss that is the cross-entropy of ids, one per row.</summary>
    private protected ModelLoss CrossEntropy(ForwardPass pass, Tensor logits, ReadOnlySpan<int> ids, float labelSmoothing) =>
        pass.NewLoss().Add(LossTerms[0], ClassificationLoss.CrossEntropy(pass.Tape, logits, ids, labelSmoothing));
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A model with a decoder that gives one output per word of the vocabulary for each token.</summary>
public abstract class LanguageModel : TaskModel
{
    private protected LanguageModel(HeadSite site, RowHead head, string classSuffix)
        : base(site, classSuffix) => Head = head;

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument(ModelLabels.Usual, Granularity.Token)];

    /// <summary>The decoder: vectors of tokens to outputs per word.</summary>
    private protected RowHead Head { get; }

    /// <summary>The tokens that a loss reads.</summary>
    private protected LabelledTokens Labelled { get; } = new();

    /// <summary>Runs the model.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>Logits, [tokens, vocabulary].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        Head(tape, Encoder.Forward(tape, batch, capture).LastHiddenState);

    /// <summary>Runs the model for some tokens alone, with the same bits but less work.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="rows">Numbers of tokens in the batch, in any order.</param>
    /// <returns>Logits, [rows, vocabulary].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor ForwardRows(Tape tape, InputBatch batch, ReadOnlySpan<int> rows) => Head(tape, Encoder.ForwardRows(tape, batch, rows));

    /// <inheritdoc/>
    public override ModelOutputs Run(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        ModelOutputs.Logits(Forward(tape, batch, capture), Granularity.Token);
}

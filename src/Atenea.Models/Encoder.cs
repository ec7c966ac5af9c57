using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The pretrained body of a model: token ids to one vector per token. Each family is one sealed class under <c>Families/</c>.
/// </summary>
public abstract class Encoder
{
    /// <summary>Length of a token's vector.</summary>
    public abstract int HiddenSize { get; }

    /// <summary>Number of blocks.</summary>
    public abstract int Layers { get; }

    /// <summary>The most tokens that a sequence may have.</summary>
    public abstract int MaxPositions { get; }

    /// <summary>Number of ids that the word table knows.</summary>
    public abstract int VocabularySize { get; }

    /// <summary>Runs the encoder over every token.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>[tokens, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null);

    /// <summary>
    /// The rows of <see cref="Forward"/> for the first token of each sequence, with the same bits but less work: nothing that only other
    /// tokens' last vectors need is computed. For heads that read the first token alone.
    /// </summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <returns>[sequences, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract Tensor ForwardFirstTokens(Tape tape, InputBatch batch);
}

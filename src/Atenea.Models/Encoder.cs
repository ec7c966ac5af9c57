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

    /// <summary>
    /// The word table, which the decoders of language models are tied to: [<see cref="VocabularySize"/>, width]. Its width is not
    /// <see cref="HiddenSize"/> in families that project their embeddings (ALBERT, ELECTRA).
    /// </summary>
    public abstract Parameter WordEmbeddings { get; }

    /// <summary>Runs the encoder over every token.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="capture">Collects hidden states and attention on the way; null for none.</param>
    /// <returns>[tokens, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null);

    /// <summary>
    /// The given rows of <see cref="Forward"/> with the same bits (but for dropout's choice), for heads that read some tokens alone: the
    /// first of each sequence, the last, the masked ones. Families override it to leave out what nothing but other tokens' last vectors
    /// needs.
    /// </summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">The input.</param>
    /// <param name="rows">Numbers of tokens in the batch, in any order.</param>
    /// <returns>[rows, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public virtual Tensor ForwardRows(Tape tape, InputBatch batch, ReadOnlySpan<int> rows)
    {
        Tensor all = Forward(tape, batch).LastHiddenState;
        Tensor selected = tape.SelectRows(all, rows);
        tape.Release(all);
        return selected;
    }
}

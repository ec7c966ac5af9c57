using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>How large an encoder is.</summary>
/// <param name="Layers">Number of blocks.</param>
/// <param name="HiddenSize">Length of a token's vector.</param>
/// <param name="VocabularySize">Number of ids that the word table knows.</param>
/// <param name="MaxPositions">The most tokens that a sequence may have.</param>
public readonly record struct EncoderSizes(int Layers, int HiddenSize, int VocabularySize, int MaxPositions);

/// <summary>The pretrained body of a model: token ids to one vector per token. Each family builds one under <c>Families/</c>.</summary>
public abstract class Encoder
{
    /// <summary>Says what an encoder is.</summary>
    /// <param name="sizes">How large it is.</param>
    /// <param name="wordEmbeddings">Its word table.</param>
    protected Encoder(EncoderSizes sizes, Parameter wordEmbeddings) => (Sizes, WordEmbeddings) = (sizes, wordEmbeddings);

    /// <summary>How large it is.</summary>
    public EncoderSizes Sizes { get; }

    /// <summary>Length of a token's vector.</summary>
    public int HiddenSize => Sizes.HiddenSize;

    /// <summary>Number of blocks.</summary>
    public int Layers => Sizes.Layers;

    /// <summary>The most tokens that a sequence may have.</summary>
    public int MaxPositions => Sizes.MaxPositions;

    /// <summary>Number of ids that the word table knows.</summary>
    public int VocabularySize => Sizes.VocabularySize;

    /// <summary>
    /// The word table, which the decoders of language models are tied to: [<see cref="VocabularySize"/>, width]. Its width is not
    /// <see cref="HiddenSize"/> in families that project their embeddings (ALBERT, ELECTRA).
    /// </summary>
    public Parameter WordEmbeddings { get; }

    /// <summary>Runs the encoder over every token.</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <returns>[tokens, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public abstract Tensor Forward(ForwardPass pass);

    /// <summary>
    /// The given rows of <see cref="Forward"/> with the same bits (but for dropout's choice), for heads that read some tokens alone: the
    /// first of each sequence, the last, the masked ones. Unless the pass has a capture, less is computed.
    /// </summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <param name="rows">Numbers of tokens in the batch, in any order.</param>
    /// <returns>[rows, <see cref="HiddenSize"/>].</returns>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor ForwardRows(ForwardPass pass, ReadOnlySpan<int> rows) => pass.Capture is null
        ? RunRows(pass, rows)
        : pass.Tape.SelectRows(Forward(pass), rows);

    /// <summary>
    /// <see cref="ForwardRows"/> without a capture. Families override it to leave out what nothing but other tokens' last vectors needs.
    /// </summary>
    protected virtual Tensor RunRows(ForwardPass pass, ReadOnlySpan<int> rows)
    {
        Tensor all = Forward(pass);
        Tensor selected = pass.Tape.SelectRows(all, rows);
        pass.Tape.Release(all);
        return selected;
    }
}

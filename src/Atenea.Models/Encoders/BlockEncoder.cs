using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The encoder of every family that is built in: embeddings, then a stack of blocks. A family builds both under its own names.
/// </summary>
internal sealed class BlockEncoder : Encoder
{
    private readonly TokenEmbeddings _embeddings;
    private readonly BlockStack _blocks;

    /// <summary>Joins what a family has built.</summary>
    /// <param name="hiddenSize">Length of a token's vector.</param>
    /// <param name="maxPositions">The most tokens of a sequence.</param>
    /// <param name="embeddings">Its tables.</param>
    /// <param name="blocks">Its blocks.</param>
    public BlockEncoder(int hiddenSize, int maxPositions, TokenEmbeddings embeddings, BlockStack blocks)
        : base(new EncoderSizes(blocks.Count, hiddenSize, embeddings.Words.Weight.Rows, maxPositions), embeddings.Words.Weight) =>
        (_embeddings, _blocks) = (embeddings, blocks);

    /// <inheritdoc/>
    public override Tensor Forward(ForwardPass pass) => _blocks.Forward(pass, _embeddings.Forward(pass, MaxPositions));

    /// <inheritdoc/>
    protected override Tensor RunRows(ForwardPass pass, ReadOnlySpan<int> rows) =>
        _blocks.ForwardRows(pass, _embeddings.Forward(pass, MaxPositions), rows);
}

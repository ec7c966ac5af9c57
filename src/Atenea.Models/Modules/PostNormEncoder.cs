using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// What the encoders after BERT's pattern have in common: embeddings of words, positions and segments, then a stack of blocks. A family
/// builds the parts under its own names and says what it does otherwise.
/// </summary>
public abstract class PostNormEncoder : Encoder
{
    private readonly BertSettings _settings;
    private readonly TokenEmbeddings _embeddings;
    private readonly LinearLayer? _projection;
    private readonly BlockStack _blocks;

    private protected PostNormEncoder(Parts parts) => (_settings, _embeddings, _projection, _blocks) = parts;

    /// <inheritdoc/>
    public sealed override int HiddenSize => _settings.HiddenSize;

    /// <inheritdoc/>
    public sealed override int Layers => _blocks.Count;

    /// <inheritdoc/>
    public override int MaxPositions => _settings.PositionRows;

    /// <inheritdoc/>
    public sealed override int VocabularySize => _settings.VocabularySize;

    /// <inheritdoc/>
    public sealed override Parameter WordEmbeddings => _embeddings.Words;

    /// <summary>The settings that the encoder was built from.</summary>
    private protected BertSettings Settings => _settings;

    /// <inheritdoc/>
    public sealed override EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _blocks.Forward(tape, Embed(tape, batch), batch, capture);

    /// <inheritdoc/>
    public sealed override Tensor ForwardRows(Tape tape, InputBatch batch, ReadOnlySpan<int> rows) =>
        _blocks.ForwardRows(tape, Embed(tape, batch), batch, rows);

    /// <summary>One block per layer, with plain self-attention, numbered below a scope.</summary>
    private protected static BlockStack Stack(ParameterScope scope, PostNormNames names, BertSettings settings) =>
        new([.. Enumerable.Range(0, settings.Layers).Select(i => new PostNormBlock(scope / i, names, settings))]);

    /// <summary>A row of the position table for each token of a batch.</summary>
    private protected virtual ReadOnlyMemory<int> PositionsOf(InputBatch batch) => batch.Positions;

    private Tensor Embed(Tape tape, InputBatch batch)
    {
        batch.Check(VocabularySize, _settings.TypeVocabularySize, MaxPositions);
        Tensor embedded = _embeddings.Forward(tape, batch, PositionsOf(batch));
        if (_projection is null) return embedded;
        Tensor projected = _projection.Forward(tape, embedded);
        tape.Release(embedded);
        return projected;
    }

    /// <summary>What a family builds.</summary>
    /// <param name="Settings">Its sizes.</param>
    /// <param name="Embeddings">Its tables.</param>
    /// <param name="Projection">From the width of the tables to the hidden size; null where they are the same.</param>
    /// <param name="Blocks">Its blocks, in the order in which they run.</param>
    private protected sealed record Parts(BertSettings Settings, TokenEmbeddings Embeddings, LinearLayer? Projection, BlockStack Blocks);
}

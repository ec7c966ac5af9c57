using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The sum of word, segment and position embeddings, then layer norm and dropout: section 3 of BERT's paper, "Input/Output
/// Representations", shared by the families after its pattern.
/// </summary>
internal sealed class TokenEmbeddings
{
    private readonly EmbeddingTable _words;
    private readonly EmbeddingTable? _positions;
    private readonly EmbeddingTable? _types;
    private readonly LinearLayer? _projection;
    private readonly LayerNormLayer _norm;
    private readonly float _dropout;

    /// <summary>Builds the tables and the norm at <paramref name="scope"/>, under BERT's names.</summary>
    /// <param name="scope">Usually <c>embeddings</c> of the encoder.</param>
    /// <param name="settings">Sizes; a family without segments or without absolute positions sets
    /// <see cref="BertSettings.TypeVocabularySize"/> or
    /// <see cref="BertSettings.PositionRows"/> to 0.</param>
    /// <param name="width">Length of the vectors; the hidden size unless the family projects them.</param>
    /// <param name="projection">Name of a layer from the tables' width to the hidden size, without bias, before the norm (DeBERTa); none
    /// where the two are the same.</param>
    /// <param name="positionPaddingId">The row of the position table without gradient (RoBERTa); null for none.</param>
    /// <param name="positionsLast">Whether the position table comes after the norm in the order of the parameters (RoBERTa).</param>
    public TokenEmbeddings(
        ParameterScope scope, BertSettings settings, int width, int? positionPaddingId = null, string? projection = null, bool positionsLast = false)
    {
        EmbeddingTable? Positions() =>
            settings.PositionRows > 0 ? new EmbeddingTable(scope / "position_embeddings", settings.PositionRows, width, positionPaddingId) : null;

        _words = new EmbeddingTable(scope / "word_embeddings", settings.VocabularySize, width, settings.PaddingId);
        if (!positionsLast) _positions = Positions();
        if (settings.TypeVocabularySize > 0) _types = new EmbeddingTable(scope / "token_type_embeddings", settings.TypeVocabularySize, width);
        if (projection is not null && width != settings.HiddenSize) _projection = new LinearLayer(scope / projection, width, settings.HiddenSize, bias: false);
        _norm = new LayerNormLayer(scope / "LayerNorm", _projection is null ? width : settings.HiddenSize, settings.Epsilon);
        if (positionsLast) _positions = Positions();
        _dropout = settings.HiddenDropout;
    }

    /// <summary>The word table.</summary>
    public Parameter Words => _words.Weight;

    /// <summary>Embeds a batch: [tokens, width].</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="batch">Already checked against the family's limits.</param>
    /// <param name="positions">A row of the position table for each token; usually <see cref="InputBatch.Positions"/>.</param>
    public Tensor Forward(Tape tape, InputBatch batch, ReadOnlyMemory<int> positions)
    {
        var words = new EmbeddingInput(_words.Weight, batch.Ids, _words.PaddingId);
        var types = _types is null ? default : new EmbeddingInput(_types.Weight, batch.TypeIds);
        var places = _positions is null ? default : new EmbeddingInput(_positions.Weight, positions, _positions.PaddingId);
        Tensor sum = (_types, _positions) switch
        {
            (null, null) => tape.Embedding([words]),
            (null, _) => tape.Embedding([words, places]),
            (_, null) => tape.Embedding([words, types]),
            _ => tape.Embedding([words, types, places]),
        };
        if (_projection is not null)
        {
            Tensor projected = _projection.Forward(tape, sum);
            tape.Release(sum);
            sum = projected;
        }

        Tensor normed = _norm.Forward(tape, sum);
        tape.Release(sum);
        return tape.Dropout(normed, _dropout);
    }
}

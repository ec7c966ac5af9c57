using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// What a token's way through an encoder begins with: the sum of its word's vector and, where the family has them, of its segment's and
/// its position's, then norm and dropout (section 3 of BERT's paper, "Input/Output Representations"). The layers are registered in the
/// order in which the initialiser names them.
/// </summary>
internal sealed class TokenEmbeddings
{
    /// <summary>The word table.</summary>
    public required EmbeddingTable Words { get; init; }

    /// <summary>The segment table, or null.</summary>
    public EmbeddingTable? Types { get; init; }

    /// <summary>The position table, or null.</summary>
    public EmbeddingTable? Positions { get; init; }

    /// <summary>The padding id from which positions are counted (<see cref="InputBatch.PositionsAfter"/>); null where they begin at
    /// 0.</summary>
    public int? PositionsAfter { get; init; }

    /// <summary>From the width of the tables to the hidden size, before the norm; null where they are the same (DeBERTa).</summary>
    public LinearLayer? InnerProjection { get; init; }

    /// <summary>The norm of the sum, or null.</summary>
    public LayerNormLayer? Norm { get; init; }

    /// <summary>Dropout after the norm.</summary>
    public float Dropout { get; init; }

    /// <summary>From the width of the tables to the hidden size, after dropout; null where they are the same (ALBERT, ELECTRA).</summary>
    public LinearLayer? Projection { get; init; }

    /// <summary>The tables and the norm under BERT's names.</summary>
    /// <param name="scope">Usually <c>embeddings</c> of the encoder.</param>
    /// <param name="settings">Sizes; a family without segments or without absolute positions sets
    /// <see cref="EncoderSettings.TypeVocabularySize"/> or <see cref="EncoderSettings.PositionRows"/> to 0.</param>
    /// <param name="width">Length of the vectors; the hidden size unless the family projects them.</param>
    /// <param name="projection">Where the layer after dropout is built; null for none.</param>
    public static TokenEmbeddings Bert(ParameterScope scope, EncoderSettings settings, int width, ParameterScope? projection = null)
    {
        return new TokenEmbeddings
        {
            Words = WordsAt(scope, settings, width),
            Positions = PositionsAt(scope, settings, width, paddingId: null),
            Types = TypesAt(scope, settings, width),
            Norm = new LayerNormLayer(scope / "LayerNorm", width, settings.Epsilon),
            Dropout = settings.HiddenDropout,
            Projection = projection is { } place ? new LinearLayer(place, width, settings.HiddenSize) : null,
        };
    }

    /// <summary>The same with positions that are counted from the padding id on, as MPNet has them.</summary>
    public static TokenEmbeddings Mpnet(ParameterScope scope, EncoderSettings settings, int paddingId) => new()
    {
        Words = WordsAt(scope, settings, settings.HiddenSize),
        Positions = PositionsAt(scope, settings, settings.HiddenSize, paddingId),
        PositionsAfter = paddingId,
        Norm = new LayerNormLayer(scope / "LayerNorm", settings.HiddenSize, settings.Epsilon),
        Dropout = settings.HiddenDropout,
    };

    /// <summary>The same with segments, as RoBERTa has them: the position table comes last in the order of the parameters.</summary>
    public static TokenEmbeddings Roberta(ParameterScope scope, EncoderSettings settings, int paddingId) => new()
    {
        Words = WordsAt(scope, settings, settings.HiddenSize),
        Types = TypesAt(scope, settings, settings.HiddenSize),
        Norm = new LayerNormLayer(scope / "LayerNorm", settings.HiddenSize, settings.Epsilon),
        Positions = PositionsAt(scope, settings, settings.HiddenSize, paddingId),
        PositionsAfter = paddingId,
        Dropout = settings.HiddenDropout,
    };

    /// <summary>As <see cref="Bert"/>, with a projection without bias before the norm where the tables are narrower.</summary>
    public static TokenEmbeddings Deberta(ParameterScope scope, EncoderSettings settings, int width) => new()
    {
        Words = WordsAt(scope, settings, width),
        Positions = PositionsAt(scope, settings, width, paddingId: null),
        Types = TypesAt(scope, settings, width),
        InnerProjection = width == settings.HiddenSize
            ? null
            : new LinearLayer(scope / "embed_proj", width, settings.HiddenSize, bias: false),
        Norm = new LayerNormLayer(scope / "LayerNorm", settings.HiddenSize, settings.Epsilon),
        Dropout = settings.HiddenDropout,
    };

    /// <summary>Embeds the batch: [tokens, hidden size].</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="maxPositions">The most tokens of a sequence.</param>
    /// <exception cref="Errors.AteneaException">A sequence is too long (ATN0506), an id outside its table (ATN0603).</exception>
    public Tensor Forward(ForwardPass pass, int maxPositions)
    {
        Tape tape = pass.Tape;
        if (Positions is null && pass.Batch.GivesPositions)
            throw new NotSupportedException("The batch gives its tokens places; this family has no table of positions.");
        pass.Batch.Check(Words.Weight.Rows, Types?.Weight.Rows ?? 0, maxPositions);
        Tensor x = Sum(pass);
        if (InnerProjection is not null) x = Then(tape, x, InnerProjection.Forward(pass, x));
        if (Norm is not null) x = Then(tape, x, Norm.Forward(pass, x));
        x = tape.Dropout(x, Dropout);
        return Projection is null ? x : Then(tape, x, Projection.Forward(pass, x));
    }

    private static EmbeddingTable WordsAt(ParameterScope scope, EncoderSettings settings, int width) =>
        new(scope / "word_embeddings", settings.VocabularySize, width, settings.PaddingId);

    private static EmbeddingTable? TypesAt(ParameterScope scope, EncoderSettings settings, int width) => settings.TypeVocabularySize > 0
        ? new EmbeddingTable(scope / "token_type_embeddings", settings.TypeVocabularySize, width)
        : null;

    private static EmbeddingTable? PositionsAt(ParameterScope scope, EncoderSettings settings, int width, int? paddingId) =>
        settings.PositionRows > 0 ? new EmbeddingTable(scope / "position_embeddings", settings.PositionRows, width, paddingId) : null;

    private static Tensor Then(Tape tape, Tensor used, Tensor result)
    {
        tape.Release(used);
        return result;
    }

    private Tensor Sum(ForwardPass pass)
    {
        InputBatch batch = pass.Batch;
        ReadOnlyMemory<int> positions = PositionsAfter is int padding ? batch.PositionsAfter(padding) : batch.Positions;
        EmbeddingInput words = Words.Input(batch.Ids);
        Tensor sum = (Types, Positions) switch
        {
            (null, null) => pass.Tape.Embedding([words]),
            (null, _) => pass.Tape.Embedding([words, Positions.Input(positions)]),
            (_, null) => pass.Tape.Embedding([words, Types.Input(batch.TypeIds)]),
            _ => pass.Tape.Embedding([words, Types.Input(batch.TypeIds), Positions.Input(positions)]),
        };
        sum = Words.Adapt(pass, batch.Ids, sum);
        if (Types is not null) sum = Types.Adapt(pass, batch.TypeIds, sum);
        return Positions is null ? sum : Positions.Adapt(pass, positions, sum);
    }
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// ModernBERT: BERT brought up to date for long texts.
/// Paper: Warner et al., "Smarter, Better, Faster, Longer: A Modern Bidirectional Encoder for Fast, Memory Efficient, and Long Context
/// Finetuning and Inference", 2024, https://arxiv.org/abs/2412.13663.
/// Differences to BERT: pre-norm blocks and a final norm; rotary positions instead of a table; a gated feed-forward part (GeGLU); no
/// biases; most layers see a window of tokens around each, every third one the whole sequence, each kind with its own base of wavelengths;
/// no segments, no pooler. Names as in transformers' <c>ModernBertModel</c>.
/// </summary>
public sealed class ModernBert : Encoder
{
    private readonly ModernBertSettings _settings;
    private readonly EmbeddingTable _words;
    private readonly LayerNormLayer _embeddingNorm;
    private readonly BlockStack _blocks;

    /// <summary>Builds the encoder of a configuration at <paramref name="scope"/>.</summary>
    /// <exception cref="Errors.AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502,
    /// ATN0503).</exception>
    public ModernBert(ModelConfig config, ParameterScope scope)
    {
        _settings = ModernBertSettings.Read(config);
        _words = new EmbeddingTable(scope / "embeddings.tok_embeddings", _settings.VocabularySize, HiddenSize, _settings.PaddingId);
        _embeddingNorm = Norm(scope / "embeddings.norm");
        var blocks = new PreNormBlock[_settings.Layers];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(scope / "layers" / i, i);
        _blocks = new BlockStack(blocks, Norm(scope / "final_norm").Forward);
    }

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("modernbert", "model", "ModernBert")
    {
        CreateEncoder = static (config, scope) => new ModernBert(config, scope),
        CreateSequenceHead = static site => new ModernBertSequenceHead(site, site.Config.NumLabels),
        CreateTokenHead = static site => new ModernBertRowHead(site, site.Config.NumLabels).Forward,
        CreateMaskedLanguageHead = static site => new ModernBertLanguageHead(site).Forward,
        CreateQuestionAnsweringHead = static site => new ModernBertRowHead(site, 2).Forward,
        CreateMultipleChoiceHead = static site => new ModernBertSequenceHead(site, 1),
    };

    /// <inheritdoc/>
    public override int HiddenSize => _settings.HiddenSize;

    /// <inheritdoc/>
    public override int Layers => _settings.Layers;

    /// <inheritdoc/>
    public override int MaxPositions => _settings.MaxPositions;

    /// <inheritdoc/>
    public override int VocabularySize => _settings.VocabularySize;

    /// <inheritdoc/>
    public override Parameter WordEmbeddings => _words.Weight;

    /// <inheritdoc/>
    public override EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _blocks.Forward(tape, Embed(tape, batch), batch, capture);

    /// <inheritdoc/>
    public override Tensor ForwardRows(Tape tape, InputBatch batch, ReadOnlySpan<int> rows) => _blocks.ForwardRows(tape, Embed(tape, batch), batch, rows);

    private Tensor Embed(Tape tape, InputBatch batch)
    {
        batch.Check(VocabularySize, typeVocabularySize: 0, MaxPositions);
        Tensor words = tape.Embedding([new EmbeddingInput(_words.Weight, batch.Ids, _words.PaddingId)]);
        Tensor normed = _embeddingNorm.Forward(tape, words);
        tape.Release(words);
        return tape.Dropout(normed, _settings.EmbeddingDropout);
    }

    /// <summary>The first block reads what the embeddings' norm gives and has none of its own before attention.</summary>
    private PreNormBlock Block(ParameterScope scope, int index)
    {
        ModernBertSettings s = _settings;
        LayerFunction? attentionNorm = index == 0 ? null : Norm(scope / "attn_norm").Forward;
        var queryKeyValue = new LinearLayer(scope / "attn.Wqkv", s.HiddenSize, 3 * s.HiddenSize, s.AttentionBias);
        var attentionOutput = new LinearLayer(scope / "attn.Wo", s.HiddenSize, s.HiddenSize, s.AttentionBias, s.OutputDeviation);
        LayerNormLayer feedForwardNorm = Norm(scope / "mlp_norm");
        var wide = new LinearLayer(scope / "mlp.Wi", s.HiddenSize, 2 * s.IntermediateSize, s.FeedForwardBias);
        var narrow = new LinearLayer(scope / "mlp.Wo", s.IntermediateSize, s.HiddenSize, s.FeedForwardBias, s.OutputDeviation);
        return new PreNormBlock
        {
            AttentionNorm = attentionNorm,
            Attention = new SelfAttention((tape, x) => queryKeyValue.Forward(tape, x), s.AttentionOf(index)).Forward,
            AttentionOutput = (tape, x) => tape.Dropout(attentionOutput.Forward(tape, x), s.AttentionDropout),
            FeedForwardNorm = feedForwardNorm.Forward,
            FeedForward = new GatedFeedForward((tape, x) => wide.Forward(tape, x), s.Activation, s.FeedForwardDropout, narrow).Forward,
        };
    }

    private LayerNormLayer Norm(ParameterScope scope) => new(scope, HiddenSize, _settings.Epsilon, _settings.NormBias);
}

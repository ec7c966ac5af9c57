using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// ModernBERT: BERT brought up to date for long texts.
/// Paper: Warner et al., "Smarter, Better, Faster, Longer: A Modern Bidirectional Encoder for Fast, Memory Efficient, and Long Context
/// Finetuning and Inference", 2024, https://arxiv.org/abs/2412.13663.
/// Differences to BERT: pre-norm blocks and a final norm; rotary positions instead of a table; a gated feed-forward part (GeGLU); no
/// biases; most layers see a window of tokens around each, every third one the whole sequence, each kind with its own base of wavelengths;
/// no segments, no pooler. Names as in transformers' <c>ModernBertModel</c>.
/// </summary>
internal static class ModernBert
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("modernbert", "model", "ModernBert")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => new ModernBertSequenceHead(site, site.Config.NumLabels),
        CreateTokenHead = static site => new ModernBertRowHead(site, site.Config.NumLabels).Forward,
        CreateMaskedLanguageHead = static site => new ModernBertLanguageHead(site).Forward,
        CreateQuestionAnsweringHead = static site => new ModernBertRowHead(site, 2).Forward,
        CreateMultipleChoiceHead = static site => new ModernBertSequenceHead(site, 1),
    };

    /// <exception cref="Errors.AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502,
    /// ATN0503).</exception>
    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        ModernBertSettings settings = ModernBertSettings.Read(config);
        int hidden = settings.HiddenSize;
        var embeddings = new TokenEmbeddings
        {
            Words = new EmbeddingTable(scope / "embeddings.tok_embeddings", settings.VocabularySize, hidden, settings.PaddingId),
            Norm = Norm(settings, scope / "embeddings.norm"),
            Dropout = settings.EmbeddingDropout,
        };
        var blocks = new PreNormBlock[settings.Layers];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(settings, scope / "layers" / i, i);
        return new BlockEncoder(
            hidden, settings.MaxPositions, embeddings, new BlockStack(blocks, Norm(settings, scope / "final_norm").Forward));
    }

    /// <summary>The first block reads what the embeddings' norm gives and has none of its own before attention.</summary>
    private static PreNormBlock Block(ModernBertSettings s, ParameterScope scope, int index)
    {
        RowFunction? attentionNorm = index == 0 ? null : Norm(s, scope / "attn_norm").Forward;
        var queryKeyValue = new LinearLayer(scope / "attn.Wqkv", s.HiddenSize, 3 * s.HiddenSize, s.AttentionBias);
        var attentionOutput = new LinearLayer(scope / "attn.Wo", s.HiddenSize, s.HiddenSize, s.AttentionBias, s.OutputDeviation);
        LayerNormLayer feedForwardNorm = Norm(s, scope / "mlp_norm");
        var wide = new LinearLayer(scope / "mlp.Wi", s.HiddenSize, 2 * s.IntermediateSize, s.FeedForwardBias);
        var narrow = new LinearLayer(scope / "mlp.Wo", s.IntermediateSize, s.HiddenSize, s.FeedForwardBias, s.OutputDeviation);
        return new PreNormBlock
        {
            AttentionNorm = attentionNorm,
            Attention = new SelfAttention((pass, x) => queryKeyValue.Forward(pass, x), s.AttentionOf(index)),
            AttentionOutput = attentionOutput,
            AttentionOutputDropout = s.AttentionDropout,
            FeedForwardNorm = feedForwardNorm.Forward,
            FeedForward = new GatedFeedForward((pass, x) => wide.Forward(pass, x), s.Activation, s.FeedForwardDropout, narrow).Forward,
        };
    }

    private static LayerNormLayer Norm(ModernBertSettings settings, ParameterScope scope) =>
        new(scope, settings.HiddenSize, settings.Epsilon, settings.NormBias);
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// Qwen2: a decoder, which reads a text from left to right and foretells each next token.
/// Paper: Yang et al., "Qwen2 Technical Report", 2024, https://arxiv.org/abs/2407.10671. The same architecture as LLaMA's (Touvron et al.
/// 2023) but for the biases of query, key and value.
/// Differences to BERT: a token sees itself and those before it; pre-norm blocks with RMS norms and a final norm; rotary positions;
/// several query heads share a head of keys and values; a gated feed-forward part (SwiGLU); no segments, no pooler; the sequence
/// classifier reads the last token. Names as in transformers' <c>Qwen2Model</c>.
/// </summary>
internal static class Qwen2
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("qwen2", "model", "Qwen2")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => new LastTokenHead(site),
        CreateTokenHead = static site => LinearRowHead.OfDecoder(site, "score"),
        CreateCausalLanguageHead = static site => new LanguageDecoder(site, site.Root / "lm_head").Forward,
        TiesWordEmbeddings = false,
    };

    /// <exception cref="Errors.AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502,
    /// ATN0503).</exception>
    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        int hidden = config.Size("hidden_size", 4096), maxPositions = config.Size("max_position_embeddings", 32768);
        double epsilon = config.Number("rms_norm_eps", 1e-6);
        int? paddingId = config.OptionalInt("pad_token_id");
        int vocabulary = config.Size("vocab_size", 151936), layers = config.Size("num_hidden_layers", 32);
        if (paddingId is int padding && (uint)padding >= (uint)vocabulary)
            throw config.Invalid("pad_token_id", $"{padding}, the vocabulary has {vocabulary} entries");

        AttentionSettings attention = Attention(config, hidden, out int headSize);
        int window = config.Size("sliding_window", 4096);
        bool hasWindow = config.Has("sliding_window") || !config.Json.ContainsKey("sliding_window"); // null takes it away
        bool slides = config.Flag("use_sliding_window", false) && hasWindow;
        int firstSliding = config.Int("max_window_layers", 28);
        bool[] sliding = RotarySettings.SlidingLayers(config, layers, i => i >= firstSliding);

        var embeddings = new TokenEmbeddings { Words = new EmbeddingTable(scope / "embed_tokens", vocabulary, hidden, paddingId) };
        var blocks = new PreNormBlock[layers];
        for (int i = 0; i < layers; i++)
        {
            AttentionSettings own = slides && sliding[i] ? attention with { KeysBefore = window - 1 } : attention;
            blocks[i] = Block(config, scope / "layers" / i, hidden, own, headSize, epsilon);
        }

        var finalNorm = new RmsNormLayer(scope / "norm", hidden, epsilon);
        return new BlockEncoder(hidden, maxPositions, embeddings, new BlockStack(blocks, finalNorm.Forward));
    }

    private static AttentionSettings Attention(ModelConfig config, int hidden, out int headSize)
    {
        int heads = config.Size("num_attention_heads", 32);
        int keyValueHeads = config.Has("num_key_value_heads") ? config.Size("num_key_value_heads")
            : config.Json.ContainsKey("num_key_value_heads") ? heads : 32;
        headSize = config.Size("head_dim", Math.Max(1, hidden / heads));
        if (!config.Has("head_dim") && hidden % heads != 0)
            throw config.Invalid("num_attention_heads", $"{heads} heads do not divide the hidden size {hidden}");
        if (heads % keyValueHeads != 0)
            throw config.Invalid("num_key_value_heads", $"{keyValueHeads} do not divide the {heads} heads of queries");
        return new AttentionSettings(heads, 1f / MathF.Sqrt(headSize), EncoderSettings.Dropout(config, "attention_dropout", 0))
        {
            KeyValueHeads = keyValueHeads,
            KeysAfter = 0,
            Rotary = RotarySettings.Read(config, layerKind: null, "rope_theta", 10_000, headSize),
        };
    }

    private static PreNormBlock Block(
        ModelConfig config, ParameterScope scope, int hidden, in AttentionSettings attention, int headSize, double epsilon)
    {
        int wide = config.Size("intermediate_size", 22016);
        int queries = attention.Heads * headSize, keys = attention.KeyValueHeads * headSize;
        var queryKeyValue = new LinearGroup(
            new LinearLayer(scope / "self_attn.q_proj", hidden, queries),
            new LinearLayer(scope / "self_attn.k_proj", hidden, keys),
            new LinearLayer(scope / "self_attn.v_proj", hidden, keys));
        var attentionOutput = new LinearLayer(scope / "self_attn.o_proj", queries, hidden, bias: false);
        var gateAndUp = new LinearGroup(
            new LinearLayer(scope / "mlp.gate_proj", hidden, wide, bias: false),
            new LinearLayer(scope / "mlp.up_proj", hidden, wide, bias: false));
        var down = new LinearLayer(scope / "mlp.down_proj", wide, hidden, bias: false);
        Activation activation = Activations.Read(config, "hidden_act", "silu");
        return new PreNormBlock
        {
            Attention = new SelfAttention(queryKeyValue.Forward, attention),
            AttentionOutput = attentionOutput,
            FeedForward = new GatedFeedForward(gateAndUp.Forward, activation, dropout: 0, down).Forward,
            AttentionNorm = new RmsNormLayer(scope / "input_layernorm", hidden, epsilon).Forward,
            FeedForwardNorm = new RmsNormLayer(scope / "post_attention_layernorm", hidden, epsilon).Forward,
        };
    }
}

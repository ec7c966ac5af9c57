using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The keys of ModernBERT's config.json, of version 5 of transformers and of older files, with the defaults of transformers.
/// </summary>
internal sealed record ModernBertSettings
{
    private readonly bool[] _local;
    private readonly Rotary _localRotary;
    private readonly Rotary _globalRotary;
    private readonly int _reach;

    private ModernBertSettings(ModelConfig config)
    {
        VocabularySize = config.Size("vocab_size", 50368);
        HiddenSize = config.Size("hidden_size", 768);
        Layers = config.Size("num_hidden_layers", 22);
        Heads = config.Size("num_attention_heads", 12);
        if (HiddenSize % Heads != 0)
            throw config.Invalid("num_attention_heads", $"{Heads} heads do not divide the hidden size {HiddenSize}");
        int globalEvery = config.Size("global_attn_every_n_layers", 3);
        _local = RotarySettings.SlidingLayers(config, Layers, i => i % globalEvery != 0);
        _localRotary = RotarySettings.Read(config, RotarySettings.Sliding, "local_rope_theta", 10_000, HiddenSize / Heads);
        _globalRotary = RotarySettings.Read(config, RotarySettings.Full, "global_rope_theta", 160_000, HiddenSize / Heads);
        _reach = config.Size("local_attention", 128) / 2;
        PaddingId = config.Json.ContainsKey("pad_token_id") ? config.OptionalInt("pad_token_id") : 50283;
        if (PaddingId is int padding && (uint)padding >= (uint)VocabularySize)
            throw config.Invalid("pad_token_id", $"{padding}, the vocabulary has {VocabularySize} entries");
        IntermediateSize = config.Size("intermediate_size", 1152);
        MaxPositions = config.Size("max_position_embeddings", 8192);
        Activation = Activations.Read(config, "hidden_activation", "gelu");
        Epsilon = config.Number("norm_eps", 1e-5);
        NormBias = config.Flag("norm_bias", false);
        AttentionBias = config.Flag("attention_bias", false);
        FeedForwardBias = config.Flag("mlp_bias", false);
        EmbeddingDropout = EncoderSettings.Dropout(config, "embedding_dropout", 0);
        AttentionDropout = EncoderSettings.Dropout(config, "attention_dropout", 0);
        FeedForwardDropout = EncoderSettings.Dropout(config, "mlp_dropout", 0);
        OutputDeviation = config.Number("initializer_range", 0.02) / Math.Sqrt(2.0 * Layers);
    }

    /// <summary>Entries of the word table.</summary>
    public int VocabularySize { get; }

    /// <summary>Length of a token's vector.</summary>
    public int HiddenSize { get; }

    /// <summary>Number of blocks.</summary>
    public int Layers { get; }

    /// <summary>Attention heads.</summary>
    public int Heads { get; }

    /// <summary>Width of the feed-forward part behind its gate.</summary>
    public int IntermediateSize { get; }

    /// <summary>The most tokens of a sequence.</summary>
    public int MaxPositions { get; }

    /// <summary>The row of the word table without gradient, or null.</summary>
    public int? PaddingId { get; }

    /// <summary>Of the gate.</summary>
    public Activation Activation { get; }

    /// <summary>Epsilon of the norms.</summary>
    public double Epsilon { get; }

    /// <summary>Whether norms, the attention's linear layers and those of the feed-forward part have biases.</summary>
    public bool NormBias { get; }

    /// <inheritdoc cref="NormBias"/>
    public bool AttentionBias { get; }

    /// <inheritdoc cref="NormBias"/>
    public bool FeedForwardBias { get; }

    /// <summary>Dropout of the embeddings.</summary>
    public float EmbeddingDropout { get; }

    /// <summary>Dropout of attention probabilities and of the attention's output.</summary>
    public float AttentionDropout { get; }

    /// <summary>Dropout within the feed-forward part.</summary>
    public float FeedForwardDropout { get; }

    /// <summary>Standard deviation of new weights that write to the residual stream.</summary>
    public double OutputDeviation { get; }

    /// <summary>Reads and checks a configuration.</summary>
    /// <exception cref="Errors.AteneaException">A value makes no sense (ATN0410, ATN0502) or is not supported (ATN0503).</exception>
    public static ModernBertSettings Read(ModelConfig config) => new(config);

    /// <summary>The attention of a layer. A local one reaches half of <c>local_attention</c> to both sides, that token included.</summary>
    public AttentionSettings AttentionOf(int layer)
    {
        var settings = new AttentionSettings(Heads, 1f / MathF.Sqrt(HiddenSize / Heads), AttentionDropout);
        return _local[layer]
            ? settings with { KeysBefore = _reach, KeysAfter = _reach, Rotary = _localRotary }
            : settings with { Rotary = _globalRotary };
    }
}

using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The keys of config.json that BERT and the families after its pattern share, with the defaults of transformers; and those about dropout
/// that every family has.
/// </summary>
internal sealed record EncoderSettings
{
    /// <summary>Entries of the word table.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Length of a token's vector.</summary>
    public required int HiddenSize { get; init; }

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Attention heads; divides <see cref="HiddenSize"/>.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward part.</summary>
    public required int IntermediateSize { get; init; }

    /// <summary>Between the two layers of the feed-forward part.</summary>
    public required Activation Activation { get; init; }

    /// <summary>Dropout of embeddings and of both sub-layers' outputs.</summary>
    public required float HiddenDropout { get; init; }

    /// <summary>Dropout of attention probabilities.</summary>
    public required float AttentionDropout { get; init; }

    /// <summary>Rows of the position table; 0 for a family without one.</summary>
    public required int PositionRows { get; init; }

    /// <summary>Rows of the segment table; 0 for a family without one.</summary>
    public required int TypeVocabularySize { get; init; }

    /// <summary>Epsilon of the norms.</summary>
    public required double Epsilon { get; init; }

    /// <summary>The row of the word table that gets no gradient, or null.</summary>
    public required int? PaddingId { get; init; }

    /// <summary>Whether there is dropout between attention and its residual. DistilBERT has none.</summary>
    public bool DropsAttentionOutput { get; init; } = true;

    /// <summary>Whether there is dropout between the feed-forward part and its residual. ALBERT has none.</summary>
    public bool DropsFeedForwardOutput { get; init; } = true;

    /// <summary>The values of keys that a config.json leaves out, as BERT has them.</summary>
    public static EncoderSettings Defaults { get; } = new()
    {
        VocabularySize = 30522,
        HiddenSize = 768,
        Layers = 12,
        Heads = 12,
        IntermediateSize = 3072,
        Activation = Activation.Gelu,
        HiddenDropout = 0.1f,
        AttentionDropout = 0.1f,
        PositionRows = 512,
        TypeVocabularySize = 2,
        Epsilon = 1e-12,
        PaddingId = 0,
    };

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="defaults">The values of absent keys; <see cref="Defaults"/> when left out.</param>
    /// <exception cref="AteneaException">A value makes no sense (ATN0410, ATN0502) or is not supported (ATN0503).</exception>
    public static EncoderSettings Read(ModelConfig config, EncoderSettings? defaults = null)
    {
        EncoderSettings absent = defaults ?? Defaults;
        EncoderSettings settings = absent with
        {
            VocabularySize = config.Size("vocab_size", absent.VocabularySize),
            HiddenSize = config.Size("hidden_size", absent.HiddenSize),
            Layers = config.Size("num_hidden_layers", absent.Layers),
            Heads = config.Size("num_attention_heads", absent.Heads),
            IntermediateSize = config.Size("intermediate_size", absent.IntermediateSize),
            Activation = config.Has("hidden_act") ? Activations.Read(config, "hidden_act", "gelu") : absent.Activation,
            HiddenDropout = Dropout(config, "hidden_dropout_prob", absent.HiddenDropout),
            AttentionDropout = Dropout(config, "attention_probs_dropout_prob", absent.AttentionDropout),
            PositionRows = config.Size("max_position_embeddings", absent.PositionRows),
            TypeVocabularySize = config.Int("type_vocab_size", absent.TypeVocabularySize),
            Epsilon = config.Number("layer_norm_eps", absent.Epsilon),
        };
        return settings.Checked(config, "num_attention_heads");
    }

    /// <summary>These settings with the padding id of a configuration, once they were found to make sense together.</summary>
    /// <param name="config">Where they were read.</param>
    /// <param name="headsKey">The family's key for the number of heads.</param>
    /// <exception cref="AteneaException">They make none (ATN0410).</exception>
    public EncoderSettings Checked(ModelConfig config, string headsKey)
    {
        if (TypeVocabularySize < 0) throw config.Invalid("type_vocab_size", $"{TypeVocabularySize}, expected 0 or more");
        if (HiddenSize % Heads != 0) throw config.Invalid(headsKey, $"{Heads} heads do not divide the hidden size {HiddenSize}");
        int? paddingId = config.Json.ContainsKey("pad_token_id") ? config.OptionalInt("pad_token_id") : PaddingId;
        if (paddingId is int padding && (uint)padding >= (uint)VocabularySize)
            throw config.Invalid("pad_token_id", $"{padding}, the vocabulary has {VocabularySize} entries");
        return this with { PaddingId = paddingId };
    }

    /// <summary>A probability of dropout.</summary>
    /// <exception cref="AteneaException">Not in [0, 1) (ATN0410).</exception>
    public static float Dropout(ModelConfig config, string key, double absent)
    {
        double value = config.Number(key, absent);
        return value is >= 0 and < 1 ? (float)value : throw config.Invalid(key, $"{value}, expected a probability below 1");
    }

    /// <summary>Dropout before a classifier: <c>classifier_dropout</c>, else <c>hidden_dropout_prob</c>.</summary>
    /// <exception cref="AteneaException">Not in [0, 1) (ATN0410).</exception>
    public static float ClassifierDropout(ModelConfig config) => config.Has("classifier_dropout")
        ? Dropout(config, "classifier_dropout", 0)
        : Dropout(config, "hidden_dropout_prob", 0.1);

    /// <summary>Refuses a configuration that turns an encoder into something that this family's file does not build.</summary>
    /// <exception cref="AteneaException">It does (ATN0503).</exception>
    public static void RequirePlainEncoder(ModelConfig config)
    {
        if (config.Text("position_embedding_type", "absolute") is not "absolute" and string type)
            throw config.Unsupported("position_embedding_type", $"'{type}', only absolute positions are");

        foreach (string key in (ReadOnlySpan<string>)["is_decoder", "add_cross_attention"])
        {
            if (config.Flag(key, false)) throw config.Unsupported(key, "true, this family is built as an encoder");
        }
    }
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// DeBERTa-v2 and DeBERTa-v3, which share one architecture. Paper: He, Gao and Chen, "DeBERTaV3: Improving DeBERTa using ELECTRA-Style
/// Pre-Training with Gradient-Disentangled Embedding Sharing", ICLR 2023, https://arxiv.org/abs/2111.09543. Names as in transformers'
/// <c>DebertaV2Model</c>.
/// Differences to <see cref="Deberta"/>: query, key and value are three layers with biases; far distances share vectors by their
/// logarithm; the vectors of distances may be normalised, and may go through the tokens' own key and query layers; a convolution may stand
/// beside the first block.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("microsoft/deberta-v3-base");
/// </code></example>
internal static class DebertaV2
{
    private static readonly EncoderSettings Defaults =
        EncoderSettings.Defaults with { VocabularySize = 128100, HiddenSize = 1536, Layers = 24, Heads = 24, IntermediateSize = 6144 };

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("deberta-v2", "deberta", "DebertaV2")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => DebertaSettings.Classifier(site, site.Config.NumLabels),
        CreateTokenHead = static site => DebertaSettings.TokenClassifier(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateMaskedLanguageHead = static site => DebertaSettings.MaskedLanguage(site, DebertaSettings.Read(site.Config, Defaults).Bert),
        CreateMultipleChoiceHead = static site => DebertaSettings.Classifier(site, 1),
    };

    /// <summary>
    /// The bucket of a distance, in [-(buckets - 1), buckets - 1] for distances below <paramref name="farthest"/>: up to half of the
    /// buckets a distance has its own, beyond that they widen with its logarithm. In single precision, as the reference computes it.
    /// </summary>
    /// <param name="distance">Position of the query minus position of the key.</param>
    /// <param name="buckets">Buckets to each side.</param>
    /// <param name="farthest">The distance at which the last bucket ends.</param>
    public static int BucketOf(int distance, int buckets, int farthest)
    {
        int middle = buckets / 2, length = Math.Abs(distance);
        if (length <= middle) return distance;
        float share = MathF.Log((float)length / middle) / MathF.Log((float)((farthest - 1.0) / middle));
        return Math.Sign(distance) * (middle + (int)MathF.Ceiling(share * (middle - 1)));
    }

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        DebertaSettings settings = DebertaSettings.Read(config, Defaults);
        int hidden = settings.Bert.HiddenSize, heads = settings.Bert.Heads;
        int headSize = config.Size("attention_head_size", hidden / heads);
        if (headSize != hidden / heads)
            throw config.Invalid("attention_head_size", $"{headSize}, {heads} heads of it do not make the hidden size {hidden}");
        TokenEmbeddings embeddings = settings.Embeddings(scope / "embeddings");
        ParameterScope encoder = scope / "encoder";
        RelativeEmbeddings? distances = null; // Registered after the blocks that use it, as in the checkpoint.
        bool shared = config.Flag("share_att_key", false);
        TransformerBlock[] blocks = [.. PostNormBlock.Stack(encoder / "layer", PostNormNames.Bert, settings.Bert,
            layer => Attention(layer / "attention.self", settings, shared, () => distances))];
        distances = Distances(config, encoder, settings);
        int kernel = config.Int("conv_kernel_size", 0);
        if (kernel > 0) blocks[0] = Convolution(config, blocks[0], encoder / "conv", kernel, settings.Bert);
        return new BlockEncoder(hidden, settings.MaxPositions, embeddings, new BlockStack(blocks));
    }

    private static SelfAttention Attention(ParameterScope scope, DebertaSettings settings, bool shared, Func<RelativeEmbeddings?> distances)
    {
        int hidden = settings.Bert.HiddenSize;
        var query = new LinearLayer(scope / "query_proj", hidden, hidden);
        var key = new LinearLayer(scope / "key_proj", hidden, hidden);
        var value = new LinearLayer(scope / "value_proj", hidden, hidden);
        bool toPosition = settings.RelativeAttention && settings.ContentToPosition;
        bool toContent = settings.RelativeAttention && settings.PositionToContent;
        LinearLayer? keys = !toPosition ? null : shared ? key : new LinearLayer(scope / "pos_key_proj", hidden, hidden);
        LinearLayer? queries = !toContent ? null : shared ? query : new LinearLayer(scope / "pos_query_proj", hidden, hidden);
        int terms = 1 + (settings.ContentToPosition ? 1 : 0) + (settings.PositionToContent ? 1 : 0);
        return new SelfAttention(
            new LinearGroup(query, key, value).Forward, settings.Attention(terms),
            pass => distances()?.Terms(pass, keys, queries) ?? default);
    }

    private static RelativeEmbeddings? Distances(ModelConfig config, ParameterScope encoder, DebertaSettings settings)
    {
        string[] norms = config.Text("norm_rel_ebd", "none").ToLowerInvariant().Split('|', StringSplitOptions.TrimEntries);
        ParameterScope? norm = norms.Contains("layer_norm") ? encoder / "LayerNorm" : null;
        if (!settings.RelativeAttention)
        {
            // It is in the checkpoint, without use.
            if (norm is { } place) _ = new LayerNormLayer(place, settings.Bert.HiddenSize, settings.Bert.Epsilon);
            return null;
        }

        int buckets = config.Int("position_buckets", -1), farthest = settings.MaxRelativePositions;
        if (buckets == 1) throw config.Invalid("position_buckets", "1, expected at least 2, or 0 for none");
        int span = buckets > 0 ? buckets : farthest;
        var positions = new RelativePositions(settings.MaxPositions - 1,
            distance => Math.Clamp(span + (buckets > 0 ? BucketOf(distance, buckets, farthest) : distance), 0, (2 * span) - 1));
        return new RelativeEmbeddings(encoder / "rel_embeddings", norm, positions, 2 * span, settings.Bert);
    }

    private static ConvolutionBlock Convolution(
        ModelConfig config, TransformerBlock first, ParameterScope scope, int kernel, EncoderSettings settings)
    {
        if (kernel % 2 == 0) throw config.Invalid("conv_kernel_size", $"{kernel}, expected an odd number");
        if (config.Int("conv_groups", 1) is not 1 and int groups)
            throw config.Unsupported("conv_groups", $"{groups}, only 1 is");
        return new ConvolutionBlock(first, scope, kernel, Activations.Read(config, "conv_act", "tanh"), settings);
    }
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// MPNet: an encoder pretrained by predicting permuted and masked words together.
/// Paper: Song, Tan, Qin, Lu and Liu, "MPNet: Masked and Permuted Pre-training for Language Understanding", NeurIPS 2020,
/// https://arxiv.org/abs/2004.09297. Names as in transformers' <c>MPNetModel</c>; all-mpnet-base-v2 is one.
/// Differences to <see cref="Bert"/>: no segments; positions are counted from the padding id, which is 1 whatever the configuration says;
/// and every block adds to its scores one learned number per head for the distance of query and key, in buckets as T5 makes them.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("sentence-transformers/all-mpnet-base-v2");
/// </code></example>
internal static class Mpnet
{
    private const int PaddingId = 1;
    private const int Buckets = 32;
    private const int FarthestDistance = 128;

    private static readonly PostNormNames Names = PostNormNames.Bert with
    {
        Query = "attention.attn.q",
        Key = "attention.attn.k",
        Value = "attention.attn.v",
        AttentionOutput = "attention.attn.o",
        AttentionNorm = "attention.LayerNorm",
    };

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("mpnet", "mpnet", "MPNet")
    {
        CreateEncoder = Build,
        CreatePooler = static (config, scope) => PoolerAt(scope, config),
        CreateSequenceHead = static site => Classifier(site),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, Read(site.Config).HiddenDropout),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateMultipleChoiceHead = static site => new PooledClassificationHead(
            PoolerAt(site.EncoderScope, site.Config), site.Root / "classifier", outputs: 1, Read(site.Config).HiddenDropout),
    };

    /// <summary>
    /// The bucket of a distance (Raffel et al. 2020, section 2.1): the first half is for keys before the query, the second for those after
    /// it. Within a half, distances up to 7 have buckets of their own; farther ones share them by their logarithm, those from 128 on the
    /// last one.
    /// </summary>
    /// <param name="distance">Position of the query minus position of the key.</param>
    public static int BucketOf(int distance)
    {
        const int Half = Buckets / 2, Exact = Half / 2;
        int start = distance < 0 ? Half : 0, length = Math.Abs(distance);
        if (length < Exact) return start + length;
        float share = MathF.Log((float)length / Exact) / (float)Math.Log((double)FarthestDistance / Exact);
        return start + Math.Min(Half - 1, Exact + (int)(share * (Half - Exact)));
    }

    private static EncoderSettings Read(ModelConfig config) =>
        EncoderSettings.Read(config, EncoderSettings.Defaults with { VocabularySize = 30527 }) with
        {
            TypeVocabularySize = 0,
            PaddingId = PaddingId,
        };

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings settings = Read(config);
        int positionRows = settings.PositionRows;
        if (positionRows <= PaddingId + 1)
            throw config.Invalid("max_position_embeddings", $"{positionRows}, the first token has number {PaddingId + 1}");
        int buckets = config.Size("relative_attention_num_buckets", Buckets);
        if (buckets < Buckets) throw config.Invalid("relative_attention_num_buckets", $"{buckets}, distances have {Buckets} buckets");
        var positions = new RelativePositions(positionRows - 1, BucketOf);
        TokenEmbeddings embeddings = TokenEmbeddings.Mpnet(scope / "embeddings", settings, PaddingId);
        Parameter? bias = null; // Registered after the blocks that use it, as in the checkpoint.
        PostNormBlock[] blocks = PostNormBlock.Stack(scope / "encoder.layer", Names, settings,
            layer => new SelfAttention(layer, Names, settings, _ => new RelativeTerms(positions) { Bias = bias }));
        bias = (scope / "encoder.relative_attention_bias").AddTable("weight", Initialization.Normal, buckets, settings.Heads);
        return new BlockEncoder(settings.HiddenSize, positionRows - PaddingId - 1, embeddings, new BlockStack(blocks));
    }

    private static Pooler PoolerAt(ParameterScope encoder, ModelConfig config) => new(encoder / "pooler.dense", Read(config).HiddenSize);

    private static DenseClassificationHead Classifier(HeadSite site)
    {
        float dropout = Read(site.Config).HiddenDropout;
        ParameterScope head = site.Root / "classifier";
        return new DenseClassificationHead(
            head / "dense", head / "out_proj", site.Encoder.HiddenSize, site.Config.NumLabels, Activation.Tanh, dropout, dropout);
    }

    private static RowFunction MaskedLanguage(HeadSite site)
    {
        ParameterScope head = site.Root / "lm_head";
        var decoder = new LanguageDecoder(site, head / "decoder", head);
        double epsilon = Read(site.Config).Epsilon;
        return new MaskedLanguageHead(site, head / "dense", head / "layer_norm", Activation.Gelu, epsilon, decoder).Forward;
    }
}

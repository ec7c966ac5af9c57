using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// ALBERT: a BERT whose blocks share their weights.
/// Paper: Lan et al., "ALBERT: A Lite BERT for Self-supervised Learning of Language Representations", ICLR 2020,
/// https://arxiv.org/abs/1909.11942. Names as in transformers' <c>AlbertModel</c>.
/// Differences to <see cref="Bert"/>: narrow embeddings that are projected (section 3.1 of the paper, "factorized embedding
/// parameterization"); the layers are spread over groups, and every layer of a group runs the same blocks, whose gradients add
/// ("cross-layer parameter sharing"); no dropout between the feed-forward part and its residual; the second pretraining task tells whether
/// two sentences were swapped.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("albert-base-v2");
/// </code></example>
public sealed class Albert : PostNormEncoder
{
    private static readonly PostNormNames Names = new()
    {
        Query = "attention.query",
        Key = "attention.key",
        Value = "attention.value",
        AttentionOutput = "attention.dense",
        AttentionNorm = "attention.LayerNorm",
        Intermediate = "ffn",
        Output = "ffn_output",
        OutputNorm = "full_layer_layer_norm",
    };

    /// <summary>Builds the encoder of a configuration at <paramref name="scope"/>.</summary>
    /// <exception cref="AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502, ATN0503).</exception>
    public Albert(ModelConfig config, ParameterScope scope)
        : base(Build(config, scope))
    {
    }

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("albert", "albert", "Albert")
    {
        CreateEncoder = static (config, scope) => new Albert(config, scope),
        CreatePooler = static (config, scope) => new Pooler(scope / "pooler", Read(config).HiddenSize),
        CreateSequenceHead = static site =>
            new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", site.Config.NumLabels, ClassifierDropout(site.Config)),
        CreateTokenHead = static site =>
            new LinearRowHead(site.Root / "classifier", site.Encoder.HiddenSize, site.Config.NumLabels, ClassifierDropout(site.Config)).Forward,
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site => new LinearRowHead(site.Root / "qa_outputs", site.Encoder.HiddenSize, 2).Forward,
        CreatePretrainingHead = static site =>
            new PretrainingHead(MaskedLanguage(site), SentenceOrder(site), "sop_logits", "sentence_order_label", "sop"),
        CreateMultipleChoiceHead = static site =>
            new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", 1, ClassifierDropout(site.Config)),
    };

    private static BertSettings Read(ModelConfig config) => BertSettings.Read(config, BertSettings.Defaults with
    {
        VocabularySize = 30000,
        HiddenSize = 4096,
        Heads = 64,
        IntermediateSize = 16384,
        Activation = Activation.GeluTanh,
        HiddenDropout = 0,
        AttentionDropout = 0,
        DropsFeedForwardOutput = false,
    });

    private static Parts Build(ModelConfig config, ParameterScope scope)
    {
        BertSettings.RequirePlainEncoder(config);
        BertSettings settings = Read(config);
        int width = config.Size("embedding_size", 128);
        var embeddings = new TokenEmbeddings(scope / "embeddings", settings, width);
        ParameterScope encoder = scope / "encoder";
        var projection = new LinearLayer(encoder / "embedding_hidden_mapping_in", width, settings.HiddenSize);
        return new Parts(settings, embeddings, projection, new BlockStack(Blocks(config, encoder / "albert_layer_groups", settings)));
    }

    /// <summary>The blocks in the order in which they run: every layer runs all the blocks of its group.</summary>
    private static List<PostNormBlock> Blocks(ModelConfig config, ParameterScope scope, BertSettings settings)
    {
        int groups = config.Size("num_hidden_groups", 1), perGroup = config.Size("inner_group_num", 1);
        if (groups > settings.Layers) throw config.Invalid("num_hidden_groups", $"{groups} groups for {settings.Layers} layers");
        var built = new PostNormBlock[groups][];
        for (int g = 0; g < groups; g++)
            built[g] = [.. Enumerable.Range(0, perGroup).Select(i => Block(scope / g / "albert_layers" / i, settings))];
        var order = new List<PostNormBlock>();
        // A quotient of fractions, as in transformers: with layers that the groups do not divide, some groups have one layer more.
        for (int layer = 0; layer < settings.Layers; layer++) order.AddRange(built[(int)(layer / ((double)settings.Layers / groups))]);
        return order;
    }

    /// <summary>The norm that ends a block comes first in the order of its parameters.</summary>
    private static PostNormBlock Block(ParameterScope scope, BertSettings settings)
    {
        var outputNorm = new LayerNormLayer(scope / Names.OutputNorm, settings.HiddenSize, settings.Epsilon);
        return new PostNormBlock(scope, Names, settings, new SelfAttention(scope, Names, settings).Forward, outputNorm);
    }

    private static Pooler PoolerOf(HeadSite site) => new(site.EncoderScope / "pooler", site.Encoder.HiddenSize);

    private static RowHead MaskedLanguage(HeadSite site)
    {
        ParameterScope predictions = site.Root / "predictions";
        BertSettings settings = Read(site.Config);
        return new MaskedLanguageHead(
            site, predictions / "dense", predictions / "LayerNorm", settings.Activation, settings.Epsilon,
            new LanguageDecoder(site, predictions / "decoder", predictions)).Forward;
    }

    /// <summary>Section 3.1 of the paper, "inter-sentence coherence loss": whether the two sentences were swapped.</summary>
    private static PooledClassificationHead SentenceOrder(HeadSite site) =>
        new(PoolerOf(site), site.Root / "sop_classifier.classifier", site.Config.NumLabels, ClassifierDropout(site.Config));

    private static float ClassifierDropout(ModelConfig config) => BertSettings.Dropout(config, "classifier_dropout_prob", 0.1);
}

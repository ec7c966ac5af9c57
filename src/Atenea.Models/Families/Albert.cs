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
internal static class Albert
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

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("albert", "albert", "Albert")
    {
        CreateEncoder = Build,
        CreatePooler = static (config, scope) => new Pooler(scope / "pooler", Read(config).HiddenSize),
        CreateSequenceHead = static site =>
            new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", site.Config.NumLabels, ClassifierDropout(site.Config)),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, ClassifierDropout(site.Config)),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreatePretrainingHead = static site =>
            new PretrainingHead(MaskedLanguage(site), SentenceOrder(site), "sop_logits", "sentence_order_label", "sop"),
        CreateMultipleChoiceHead = static site =>
            new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", 1, ClassifierDropout(site.Config)),
    };

    private static EncoderSettings Read(ModelConfig config) => EncoderSettings.Read(config, EncoderSettings.Defaults with
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

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings settings = Read(config);
        int width = config.Size("embedding_size", 128);
        ParameterScope encoder = scope / "encoder";
        TokenEmbeddings embeddings =
            TokenEmbeddings.Bert(scope / "embeddings", settings, width, projection: encoder / "embedding_hidden_mapping_in");
        var blocks = new BlockStack(Blocks(config, encoder / "albert_layer_groups", settings));
        return new BlockEncoder(settings.HiddenSize, settings.PositionRows, embeddings, blocks);
    }

    /// <summary>The blocks in the order in which they run: every layer runs all the blocks of its group.</summary>
    private static List<PostNormBlock> Blocks(ModelConfig config, ParameterScope scope, EncoderSettings settings)
    {
        int groups = config.Size("num_hidden_groups", 1), perGroup = config.Size("inner_group_num", 1);
        if (groups > settings.Layers) throw config.Invalid("num_hidden_groups", $"{groups} groups for {settings.Layers} layers");
        // A quotient of fractions, as in transformers: with layers that the groups do not divide, some groups have one layer more.
        int GroupOf(int layer) => (int)(layer / ((double)settings.Layers / groups));
        int[] groupOf = [.. Enumerable.Range(0, settings.Layers).Select(GroupOf)];
        var built = new PostNormBlock[groups][];
        for (int g = 0; g < groups; g++)
        {
            ParameterScope group = (scope / g / "albert_layers") with { Uses = groupOf.Count(of => of == g) };
            built[g] = [.. Enumerable.Range(0, perGroup).Select(i => Block(group / i, settings))];
        }

        return [.. groupOf.SelectMany(g => built[g])];
    }

    /// <summary>The norm that ends a block comes first in the order of its parameters.</summary>
    private static PostNormBlock Block(ParameterScope scope, EncoderSettings settings)
    {
        var outputNorm = new LayerNormLayer(scope / Names.OutputNorm, settings.HiddenSize, settings.Epsilon);
        return new PostNormBlock(scope, Names, settings, outputNorm: outputNorm);
    }

    private static Pooler PoolerOf(HeadSite site) => new(site.EncoderScope / "pooler", site.Encoder.HiddenSize);

    private static RowFunction MaskedLanguage(HeadSite site)
    {
        ParameterScope predictions = site.Root / "predictions";
        EncoderSettings settings = Read(site.Config);
        return new MaskedLanguageHead(
            site, predictions / "dense", predictions / "LayerNorm", settings.Activation, settings.Epsilon,
            new LanguageDecoder(site, predictions / "decoder", predictions)).Forward;
    }

    /// <summary>Section 3.1 of the paper, "inter-sentence coherence loss": whether the two sentences were swapped.</summary>
    private static PooledClassificationHead SentenceOrder(HeadSite site) =>
        new(PoolerOf(site), site.Root / "sop_classifier.classifier", site.Config.NumLabels, ClassifierDropout(site.Config));

    private static float ClassifierDropout(ModelConfig config) => EncoderSettings.Dropout(config, "classifier_dropout_prob", 0.1);
}

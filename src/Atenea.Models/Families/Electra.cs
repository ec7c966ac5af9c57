using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// ELECTRA: an encoder trained to tell which tokens a small masked language model has replaced.
/// Paper: Clark, Luong, Le and Manning, "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators", ICLR 2020,
/// https://arxiv.org/abs/2003.10555. Names as in transformers' <c>ElectraModel</c>.
/// Differences to <see cref="Bert"/>: embeddings may be narrower than the blocks and are then projected; no pooler, classifiers have a layer of their own
/// with GELU; the pretraining head has one output per token.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.LoadBase("google/electra-small-discriminator");
/// </code></example>
public sealed class Electra : PostNormEncoder
{
    /// <summary>Builds the encoder of a configuration at <paramref name="scope"/>.</summary>
    /// <exception cref="AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502, ATN0503).</exception>
    public Electra(ModelConfig config, ParameterScope scope)
        : base(Build(config, scope))
    {
    }

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("electra", "electra", "Electra")
    {
        CreateEncoder = static (config, scope) => new Electra(config, scope),
        CreateSequenceHead = static site => Classifier(site),
    };

    private static BertSettings Read(ModelConfig config) =>
        BertSettings.Read(config, BertSettings.Defaults with { HiddenSize = 256, Heads = 4, IntermediateSize = 1024 });

    private static Parts Build(ModelConfig config, ParameterScope scope)
    {
        BertSettings.RequirePlainEncoder(config);
        BertSettings settings = Read(config);
        int width = config.Size("embedding_size", 128);
        var embeddings = new TokenEmbeddings(scope / "embeddings", settings, width);
        LinearLayer? projection = width == settings.HiddenSize ? null : new LinearLayer(scope / "embeddings_project", width, settings.HiddenSize);
        ParameterScope layers = scope / "encoder.layer";
        return new Parts(settings, embeddings, projection,
            new BlockStack([.. Enumerable.Range(0, settings.Layers).Select(i => new PostNormBlock(layers / i, PostNormNames.Bert, settings))]));
    }

    private static DenseClassificationHead Classifier(HeadSite site)
    {
        float dropout = BertSettings.ClassifierDropout(site.Config);
        return new DenseClassificationHead(
            site.Root / "classifier.dense", site.Root / "classifier.out_proj", site.Encoder.HiddenSize, site.Config.NumLabels, Activation.Gelu, dropout, dropout);
    }
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// ELECTRA: an encoder trained to tell which tokens a small masked language model has replaced.
/// Paper: Clark, Luong, Le and Manning, "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators", ICLR 2020,
/// https://arxiv.org/abs/2003.10555. Names as in transformers' <c>ElectraModel</c>.
/// Differences to <see cref="Bert"/>: embeddings may be narrower than the blocks and are then projected; no pooler, classifiers have a
/// layer of their own with GELU; the pretraining head has one output per token.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("google/electra-small-discriminator");
/// </code></example>
internal static class Electra
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("electra", "electra", "Electra")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => new DenseClassificationHead(site, Activation.Gelu),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, EncoderSettings.ClassifierDropout(site.Config)),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateDiscriminatorHead = static site => Replaced(site),
        CreateMultipleChoiceHead = static site => Choice(site),
    };

    private static EncoderSettings Read(ModelConfig config) =>
        EncoderSettings.Read(config, EncoderSettings.Defaults with { HiddenSize = 256, Heads = 4, IntermediateSize = 1024 });

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings settings = Read(config);
        int width = config.Size("embedding_size", 128);
        ParameterScope? projection = width == settings.HiddenSize ? null : scope / "embeddings_project";
        TokenEmbeddings embeddings = TokenEmbeddings.Bert(scope / "embeddings", settings, width, projection);
        PostNormBlock[] blocks = PostNormBlock.Stack(scope / "encoder.layer", PostNormNames.Bert, settings);
        return new BlockEncoder(settings.HiddenSize, settings.PositionRows, embeddings, new BlockStack(blocks));
    }

    /// <summary>The generator's head (section 3 of the paper). Its activation is exact GELU whatever <c>hidden_act</c> says.</summary>
    private static RowFunction MaskedLanguage(HeadSite site)
    {
        ParameterScope predictions = site.Root / "generator_predictions";
        ParameterScope decoder = site.Root / "generator_lm_head";
        return new MaskedLanguageHead(
            site, predictions / "dense", predictions / "LayerNorm", Activation.Gelu, Read(site.Config).Epsilon,
            new LanguageDecoder(site, decoder, decoder)).Forward;
    }

    /// <summary>The discriminator's head: whether a token was replaced.</summary>
    private static RowFunction Replaced(HeadSite site)
    {
        ParameterScope predictions = (site.Root / "discriminator_predictions").Head;
        int hidden = site.Encoder.HiddenSize;
        var dense = new LinearLayer(predictions / "dense", hidden, hidden);
        var output = new LinearLayer(predictions / "dense_prediction", hidden, 1);
        Activation activation = Read(site.Config).Activation;
        return new FeedForward(dense, activation, output).Forward;
    }

    /// <summary>A "summary" of the sequence as XLM has it, over the first token; other ways to summarise are not built.</summary>
    private static DenseClassificationHead Choice(HeadSite site)
    {
        ModelConfig config = site.Config;
        string summary = config.Text("summary_type", "first");
        if (summary != "first" || !config.Flag("summary_use_proj", true))
            throw config.Unsupported("summary_type", $"'{summary}', only a projected summary of the first token is");
        Activation activation = Activations.Read(config, "summary_activation", "gelu");
        return new DenseClassificationHead(
            site.Root / "sequence_summary.summary", site.Root / "classifier", site.Encoder.HiddenSize, 1, activation,
            EncoderSettings.Dropout(config, "summary_last_dropout", 0.1), EncoderSettings.Dropout(config, "summary_first_dropout", 0));
    }
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// RoBERTa: BERT trained longer, on more text, without next sentence prediction.
/// Paper: Liu et al., "RoBERTa: A Robustly Optimized BERT Pretraining Approach", 2019, https://arxiv.org/abs/1907.11692. Names as in
/// transformers'
/// <c>RobertaModel</c>. <see cref="XlmRoberta"/> and <see cref="Camembert"/> are the same architecture.
/// Differences to <see cref="Bert"/>: positions are counted from the padding id on (<see cref="InputBatch.PositionsAfter"/>), so the table
/// has more rows than a text may have tokens; the classifier has a layer of its own, with tanh, in place of the pooler.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("roberta-base");
/// </code></example>
internal static class Roberta
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = FamilyAs("roberta", "Roberta");

    /// <summary>The registration of a family that differs in its vocabulary and its names alone.</summary>
    /// <param name="modelType"><c>model_type</c> of its config.json.</param>
    /// <param name="classStem">What its class names begin with.</param>
    internal static ModelFamily FamilyAs(string modelType, string classStem) => new(modelType, "roberta", classStem)
    {
        CreateEncoder = Build,
        CreatePooler = static (config, scope) => PoolerAt(scope, config),
        CreateSequenceHead = static site => new DenseClassificationHead(site, Activation.Tanh),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, EncoderSettings.ClassifierDropout(site.Config)),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateMultipleChoiceHead = static site => new PooledClassificationHead(
            PoolerAt(site.EncoderScope, site.Config), site.Root / "classifier", outputs: 1, Read(site.Config).HiddenDropout),
    };

    private static EncoderSettings Read(ModelConfig config) =>
        EncoderSettings.Read(config, EncoderSettings.Defaults with { VocabularySize = 50265, PaddingId = 1 });

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings settings = Read(config);
        int paddingId = PaddingIdOf(config, settings);
        TokenEmbeddings embeddings = TokenEmbeddings.Roberta(scope / "embeddings", settings, paddingId);
        PostNormBlock[] blocks = PostNormBlock.Stack(scope / "encoder.layer", PostNormNames.Bert, settings);
        return new BlockEncoder(settings.HiddenSize, settings.PositionRows - paddingId - 1, embeddings, new BlockStack(blocks));
    }

    private static int PaddingIdOf(ModelConfig config, EncoderSettings settings)
    {
        if (settings.PaddingId is int id && id + 1 < settings.PositionRows) return id;
        string found = settings.PaddingId is int given ? $"{given}" : "null";
        throw config.Invalid(
            "pad_token_id", $"{found}, positions are counted from it on and the table has {settings.PositionRows} rows");
    }

    private static Pooler PoolerAt(ParameterScope encoder, ModelConfig config) => new(encoder / "pooler.dense", Read(config).HiddenSize);

    /// <summary>Its activation is exact GELU whatever <c>hidden_act</c> says.</summary>
    private static RowFunction MaskedLanguage(HeadSite site)
    {
        ParameterScope head = site.Root / "lm_head";
        var decoder = new LanguageDecoder(site, head / "decoder", head);
        double epsilon = Read(site.Config).Epsilon;
        return new MaskedLanguageHead(site, head / "dense", head / "layer_norm", Activation.Gelu, epsilon, decoder).Forward;
    }
}

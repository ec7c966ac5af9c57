using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// DistilBERT: half of BERT's layers, taught by BERT.
/// Paper: Sanh, Debut, Chaumond and Wolf, "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter", 2019,
/// https://arxiv.org/abs/1910.01108. Names as in transformers' <c>DistilBertModel</c>.
/// Differences to <see cref="Bert"/>: no segments, no pooler, no dropout between attention and its residual, an epsilon that no key
/// changes; other keys in config.json and other names in the checkpoint. Classifiers have a layer of their own with ReLU.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("distilbert-base-uncased");
/// </code></example>
internal static class DistilBert
{
    private static readonly PostNormNames Names = new()
    {
        Query = "attention.q_lin",
        Key = "attention.k_lin",
        Value = "attention.v_lin",
        AttentionOutput = "attention.out_lin",
        AttentionNorm = "sa_layer_norm",
        Intermediate = "ffn.lin1",
        Output = "ffn.lin2",
        OutputNorm = "output_layer_norm",
    };

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("distilbert", "distilbert", "DistilBert")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => Classifier(site, site.Config.NumLabels),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, Read(site.Config).HiddenDropout),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site =>
            LinearRowHead.Answers(site, EncoderSettings.Dropout(site.Config, "qa_dropout", 0.1)),
        CreateMultipleChoiceHead = static site => Classifier(site, 1),
    };

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings settings = Read(config);
        TokenEmbeddings embeddings = TokenEmbeddings.Bert(scope / "embeddings", settings, settings.HiddenSize);
        PostNormBlock[] blocks = PostNormBlock.Stack(scope / "transformer.layer", Names, settings);
        return new BlockEncoder(settings.HiddenSize, settings.PositionRows, embeddings, new BlockStack(blocks));
    }

    /// <summary>
    /// The keys of config.json that DistilBERT calls otherwise. Its position table is read as stored, whatever <c>sinusoidal_pos_embds</c>
    /// says.
    /// </summary>
    private static EncoderSettings Read(ModelConfig config)
    {
        EncoderSettings absent = EncoderSettings.Defaults;
        EncoderSettings settings = absent with
        {
            VocabularySize = config.Size("vocab_size", absent.VocabularySize),
            HiddenSize = config.Size("dim", absent.HiddenSize),
            Layers = config.Size("n_layers", 6),
            Heads = config.Size("n_heads", absent.Heads),
            IntermediateSize = config.Size("hidden_dim", absent.IntermediateSize),
            Activation = Activations.Read(config, "activation", "gelu"),
            HiddenDropout = EncoderSettings.Dropout(config, "dropout", absent.HiddenDropout),
            AttentionDropout = EncoderSettings.Dropout(config, "attention_dropout", absent.AttentionDropout),
            PositionRows = config.Size("max_position_embeddings", absent.PositionRows),
            TypeVocabularySize = 0,
            DropsAttentionOutput = false,
        };
        return settings.Checked(config, "n_heads");
    }

    private static DenseClassificationHead Classifier(HeadSite site, int outputs) => new(
        site.Root / "pre_classifier", site.Root / "classifier", site.Encoder.HiddenSize, outputs, Activation.Relu,
        EncoderSettings.Dropout(site.Config, "seq_classif_dropout", 0.2), inputDropout: 0);

    private static RowFunction MaskedLanguage(HeadSite site)
    {
        EncoderSettings settings = Read(site.Config);
        ParameterScope decoder = site.Root / "vocab_projector";
        return new MaskedLanguageHead(
            site, site.Root / "vocab_transform", site.Root / "vocab_layer_norm", settings.Activation, settings.Epsilon,
            new LanguageDecoder(site, decoder, decoder)).Forward;
    }
}

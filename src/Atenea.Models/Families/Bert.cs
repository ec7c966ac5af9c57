using Atenea.Hub;

namespace Atenea.Models;

/// <summary>
/// BERT: a stack of bidirectional Transformer blocks over the sum of word, position and segment embeddings; each block is self-attention,
/// then a feed-forward part, each followed by dropout, residual and layer norm (post-norm).
/// Paper: Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
/// NAACL 2019, https://arxiv.org/abs/1810.04805. Also MiniLM (Wang et al. 2020), TinyBERT, BETO, SciBERT, BioBERT: the same architecture.
/// Names as in transformers' <c>BertModel</c>.
/// </summary>
/// <example><code>
/// using SequenceClassifier model = ModelLoader.Load&lt;SequenceClassifier&gt;("bert-base-uncased");
/// using var backend = Backend.Create();
/// using var tape = new Tape(backend);
/// var batch = new InputBatch();
/// batch.Add([101, 7592, 2088, 102]);
/// tape.Begin(TapeMode.Inference);
/// Tensor logits = model.Forward(new ForwardPass(tape, batch)); // [1, labels]
/// </code></example>
internal static class Bert
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("bert", "bert", "Bert")
    {
        CreateEncoder = Build,
        CreatePooler = static (config, scope) => new Pooler(scope / "pooler.dense", config.Size("hidden_size", 768)),
        CreateSequenceHead = static site => new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", site.Config),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, EncoderSettings.ClassifierDropout(site.Config)),
        CreateMaskedLanguageHead = static site => MaskedLanguage(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreatePretrainingHead = static site =>
            new PretrainingHead(MaskedLanguage(site), NextSentence(site), "seq_relationship_logits", "next_sentence_label", "nsp"),
        CreateNextSentenceHead = static site => NextSentence(site),
        CreateMultipleChoiceHead = static site =>
            new PooledClassificationHead(PoolerOf(site), site.Root / "classifier", 1, EncoderSettings.ClassifierDropout(site.Config)),
    };

    /// <exception cref="Errors.AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502,
    /// ATN0503).</exception>
    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings settings = EncoderSettings.Read(config);
        TokenEmbeddings embeddings = TokenEmbeddings.Bert(scope / "embeddings", settings, settings.HiddenSize);
        PostNormBlock[] blocks = PostNormBlock.Stack(scope / "encoder.layer", PostNormNames.Bert, settings);
        return new BlockEncoder(settings.HiddenSize, settings.PositionRows, embeddings, new BlockStack(blocks));
    }

    private static Pooler PoolerOf(HeadSite site) => new(site.EncoderScope / "pooler.dense", site.Encoder.HiddenSize);

    private static PooledClassificationHead NextSentence(HeadSite site) =>
        new(PoolerOf(site), site.Root / "cls.seq_relationship", 2, dropout: 0);

    private static RowFunction MaskedLanguage(HeadSite site)
    {
        ParameterScope predictions = site.Root / "cls.predictions";
        EncoderSettings settings = EncoderSettings.Read(site.Config);
        return new MaskedLanguageHead(
            site, predictions / "transform.dense", predictions / "transform.LayerNorm", settings.Activation, settings.Epsilon,
            new LanguageDecoder(site, predictions / "decoder", predictions)).Forward;
    }
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// What the configurations of DeBERTa and of DeBERTa-v2 say besides BERT's keys, and the parts that both build in the same way.
/// </summary>
internal sealed record DebertaSettings
{
    /// <summary>BERT's keys; no position table unless <c>position_biased_input</c>.</summary>
    public required EncoderSettings Bert { get; init; }

    /// <summary>The most tokens of a sequence.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Whether distances count in attention.</summary>
    public required bool RelativeAttention { get; init; }

    /// <summary>The farthest distance that is told from farther ones.</summary>
    public required int MaxRelativePositions { get; init; }

    /// <summary><c>pos_att_type</c>: names of the terms, <c>c2p</c> and <c>p2c</c>.</summary>
    public required IReadOnlyList<string> Terms { get; init; }

    /// <summary>Width of the embedding tables; the hidden size unless said otherwise.</summary>
    public required int EmbeddingSize { get; init; }

    /// <summary>Whether queries meet the distances' keys.</summary>
    public bool ContentToPosition => Terms.Contains("c2p");

    /// <summary>Whether keys meet the distances' queries.</summary>
    public bool PositionToContent => Terms.Contains("p2c");

    /// <summary>Reads and checks a configuration.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="defaults">BERT's keys that are absent.</param>
    /// <exception cref="AteneaException">A value makes no sense (ATN0410, ATN0502) or is not supported (ATN0503).</exception>
    public static DebertaSettings Read(ModelConfig config, EncoderSettings defaults)
    {
        EncoderSettings.RequirePlainEncoder(config);
        EncoderSettings bert = EncoderSettings.Read(config, defaults with { TypeVocabularySize = 0, Epsilon = 1e-7 });
        int farthest = config.Int("max_relative_positions", -1);
        return new DebertaSettings
        {
            Bert = config.Flag("position_biased_input", true) ? bert : bert with { PositionRows = 0 },
            MaxPositions = bert.PositionRows,
            RelativeAttention = config.Flag("relative_attention", false),
            MaxRelativePositions = farthest < 1 ? bert.PositionRows : farthest,
            Terms = TermsOf(config),
            EmbeddingSize = config.Size("embedding_size", bert.HiddenSize),
        };
    }

    /// <summary>Attention whose scores have so many terms, the product of query and key among them.</summary>
    public AttentionSettings Attention(int terms) =>
        new(Bert.Heads, 1f / MathF.Sqrt(Bert.HiddenSize / Bert.Heads * terms), Bert.AttentionDropout);

    /// <summary>The tables of words, positions and segments, projected to the hidden size where they are narrower.</summary>
    public TokenEmbeddings Embeddings(ParameterScope scope) => TokenEmbeddings.Deberta(scope, Bert, EmbeddingSize);

    /// <summary>
    /// The head of sequence classifiers: the first token's vector, dropout, a linear layer with an activation, dropout, a linear layer.
    /// </summary>
    public static PooledClassificationHead Classifier(HeadSite site, int outputs)
    {
        ModelConfig config = site.Config;
        int hidden = site.Encoder.HiddenSize, pooled = config.Size("pooler_hidden_size", hidden);
        if (pooled != hidden) throw config.Invalid("pooler_hidden_size", $"{pooled}, the pooler takes vectors of {hidden}");
        Activation activation = Activations.Read(config, "pooler_hidden_act", "gelu");
        var pooler = new Pooler(site.Root / "pooler.dense", hidden, activation, EncoderSettings.Dropout(config, "pooler_dropout", 0));
        return new PooledClassificationHead(pooler, site.Root / "classifier", outputs, ClassifierDropout(config));
    }

    /// <summary>The head of token classifiers.</summary>
    public static RowFunction TokenClassifier(HeadSite site) =>
        LinearRowHead.Classifier(site, EncoderSettings.Dropout(site.Config, "hidden_dropout_prob", 0.1));

    /// <summary>
    /// The masked language head. Checkpoints of transformers have BERT's; with <c>legacy</c> false it has the names of the authors' own,
    /// whose decoder is always the word table.
    /// </summary>
    public static RowFunction MaskedLanguage(HeadSite site, EncoderSettings settings)
    {
        ParameterScope legacy = site.Root / "cls.predictions", own = site.Root / "lm_predictions.lm_head";
        return site.Config.Flag("legacy", true)
            ? Head(legacy / "transform.dense", legacy / "transform.LayerNorm", new LanguageDecoder(site, legacy / "decoder", legacy))
            : Head(own / "dense", own / "LayerNorm", new LanguageDecoder(site, own, own));

        RowFunction Head(ParameterScope transform, ParameterScope norm, LanguageDecoder decoder) =>
            new MaskedLanguageHead(site, transform, norm, settings.Activation, settings.Epsilon, decoder).Forward;
    }

    private static float ClassifierDropout(ModelConfig config) => config.Has("cls_dropout")
        ? EncoderSettings.Dropout(config, "cls_dropout", 0)
        : EncoderSettings.Dropout(config, "hidden_dropout_prob", 0.1);

    /// <summary>A list, or names joined by |.</summary>
    private static IReadOnlyList<string> TermsOf(ModelConfig config)
    {
        const string Key = "pos_att_type";
        IReadOnlyList<string> names = config.Json[Key] is JsonValue value && value.GetValueKind() == JsonValueKind.String
            ? [.. config.Text(Key).ToLowerInvariant().Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)]
            : config.Texts(Key, []);
        foreach (string name in names)
        {
            if (name is not ("c2p" or "p2c")) throw config.Unsupported(Key, $"'{name}', only c2p and p2c are");
        }

        return names;
    }
}

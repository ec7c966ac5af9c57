using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// DeBERTa: content and position are kept apart, and attention scores are sums of products of contents with contents and with distances.
/// Paper: He, Liu, Gao and Chen, "DeBERTa: Decoding-enhanced BERT with Disentangled Attention", ICLR 2021,
/// https://arxiv.org/abs/2006.03654. Names as in transformers' <c>DebertaModel</c>.
/// Differences to <see cref="Bert"/>: disentangled attention (<see cref="RelativeTerms"/>) with one vector for each distance; query, key
/// and value are one matrix, head by head, in which keys have no bias; usually no table of positions and none of segments; no pooler in
/// the encoder, classifiers have their own.
/// </summary>
/// <example><code>
/// using BaseModel model = ModelLoader.Load&lt;BaseModel&gt;("microsoft/deberta-base");
/// </code></example>
internal static class Deberta
{
    private static readonly EncoderSettings Defaults = EncoderSettings.Defaults with { VocabularySize = 50265 };

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("deberta", "deberta", "Deberta")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => DebertaSettings.Classifier(site, site.Config.NumLabels),
        CreateTokenHead = static site => DebertaSettings.TokenClassifier(site),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateMaskedLanguageHead = static site => DebertaSettings.MaskedLanguage(site, DebertaSettings.Read(site.Config, Defaults).Bert),
    };

    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        DebertaSettings settings = DebertaSettings.Read(config, Defaults);
        if (config.Flag("talking_head", false))
            throw config.Unsupported("talking_head", "true, heads are not mixed");
        TokenEmbeddings embeddings = settings.Embeddings(scope / "embeddings");
        ParameterScope encoder = scope / "encoder";
        RelativeEmbeddings? distances = null; // Registered after the blocks that use it, as in the checkpoint.
        PostNormBlock[] blocks = PostNormBlock.Stack(encoder / "layer", PostNormNames.Bert, settings.Bert,
            layer => Attention(layer / "attention.self", settings, () => distances));
        if (settings.RelativeAttention)
        {
            int span = settings.MaxRelativePositions;
            var positions = new RelativePositions(settings.MaxPositions - 1, distance => Math.Clamp(distance + span, 0, (2 * span) - 1));
            distances = new RelativeEmbeddings(encoder / "rel_embeddings", norm: null, positions, 2 * span, settings.Bert);
        }

        return new BlockEncoder(settings.Bert.HiddenSize, settings.MaxPositions, embeddings, new BlockStack(blocks));
    }

    private static SelfAttention Attention(ParameterScope scope, DebertaSettings settings, Func<RelativeEmbeddings?> distances)
    {
        int hidden = settings.Bert.HiddenSize, heads = settings.Bert.Heads;
        Parameter queryBias = scope.Add("q_bias", Initialization.Zeros, hidden);
        Parameter valueBias = scope.Add("v_bias", Initialization.Zeros, hidden);
        var projection = new LinearLayer(scope / "in_proj", hidden, 3 * hidden, bias: false);
        bool toPosition = settings.RelativeAttention && settings.ContentToPosition;
        bool toContent = settings.RelativeAttention && settings.PositionToContent;
        LinearLayer? keys = toPosition ? new LinearLayer(scope / "pos_proj", hidden, hidden, bias: false) : null;
        LinearLayer? queries = toContent ? new LinearLayer(scope / "pos_q_proj", hidden, hidden) : null;
        return new SelfAttention(
            (pass, x) => projection.Forward(pass, x, pass.Tape.HeadBias(queryBias, valueBias, heads)),
            settings.Attention(1 + settings.Terms.Count) with { HeadByHead = true },
            pass => distances()?.Terms(pass, keys, queries) ?? default);
    }
}

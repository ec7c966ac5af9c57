using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// GPT-2: a decoder, which reads a text from left to right and foretells each next token.
/// Paper: Radford, Wu, Child, Luan, Amodei and Sutskever, "Language Models are Unsupervised Multitask Learners", 2019.
/// Differences to BERT: a token sees itself and those before it; pre-norm blocks and a final norm; no norm after the embeddings, no
/// segments, no pooler; the tanh form of GELU; weights of linear layers stored [in, out]; query, key and value in one layer; the decoder
/// is the word table; the sequence classifier reads the last token.
/// Names as in transformers' <c>GPT2Model</c>.
/// </summary>
public sealed class Gpt2 : Encoder
{
    private readonly EmbeddingTable _words;
    private readonly EmbeddingTable _positions;
    private readonly BlockStack _blocks;
    private readonly double _epsilon;
    private readonly float _embeddingDropout;

    /// <summary>Builds the decoder of a configuration at <paramref name="scope"/>.</summary>
    /// <exception cref="AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502, ATN0503).</exception>
    public Gpt2(ModelConfig config, ParameterScope scope)
    {
        if (config.Flag("add_cross_attention", false))
            throw new AteneaException(Catalogue.ModelSettingUnsupported, "true, this family reads one text", $"{config.Source}: add_cross_attention");
        HiddenSize = config.Size("n_embd", 768);
        MaxPositions = config.Size("n_positions", 1024);
        _epsilon = config.Number("layer_norm_epsilon", 1e-5);
        _embeddingDropout = BertSettings.Dropout(config, "embd_pdrop", 0.1);
        _words = new EmbeddingTable(scope / "wte", config.Size("vocab_size", 50257), HiddenSize);
        _positions = new EmbeddingTable(scope / "wpe", MaxPositions, HiddenSize);
        var blocks = new PreNormBlock[config.Size("n_layer", 12)];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(config, scope / "h" / i, i, blocks.Length);
        _blocks = new BlockStack(blocks, new LayerNormLayer(scope / "ln_f", HiddenSize, _epsilon).Forward);
    }

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("gpt2", "transformer", "GPT2")
    {
        CreateEncoder = static (config, scope) => new Gpt2(config, scope),
        CreateSequenceHead = static site => new LastTokenHead(site),
        CreateTokenHead = static site =>
            new LinearRowHead(site.Root / "classifier", site.Encoder.HiddenSize, site.Config.NumLabels, LastTokenHead.TokenDropout(site.Config)).Forward,
        CreateQuestionAnsweringHead = static site => new LinearRowHead(site.Root / "qa_outputs", site.Encoder.HiddenSize, 2).Forward,
        CreateCausalLanguageHead = static site => new LanguageDecoder(site, site.Root / "lm_head").Forward,
        ClassNames = new Dictionary<string, string> { ["ForCausalLM"] = "GPT2LMHeadModel" },
    };

    /// <inheritdoc/>
    public override int HiddenSize { get; }

    /// <inheritdoc/>
    public override int Layers => _blocks.Count;

    /// <inheritdoc/>
    public override int MaxPositions { get; }

    /// <inheritdoc/>
    public override int VocabularySize => _words.Weight.Rows;

    /// <inheritdoc/>
    public override Parameter WordEmbeddings => _words.Weight;

    /// <inheritdoc/>
    public override EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null) =>
        _blocks.Forward(tape, Embed(tape, batch), batch, capture);

    /// <inheritdoc/>
    public override Tensor ForwardRows(Tape tape, InputBatch batch, ReadOnlySpan<int> rows) => _blocks.ForwardRows(tape, Embed(tape, batch), batch, rows);

    private Tensor Embed(Tape tape, InputBatch batch)
    {
        batch.Check(VocabularySize, typeVocabularySize: 0, MaxPositions);
        Tensor sum = tape.Embedding([new EmbeddingInput(_words.Weight, batch.Ids), new EmbeddingInput(_positions.Weight, batch.Positions)]);
        return tape.Dropout(sum, _embeddingDropout);
    }

    private PreNormBlock Block(ModelConfig config, ParameterScope scope, int index, int layers)
    {
        int hidden = HiddenSize, heads = config.Size("n_head", 12), wide = config.Size("n_inner", 4 * hidden);
        if (hidden % heads != 0) throw config.Invalid("n_head", $"{heads} heads do not divide the hidden size {hidden}");
        float scale = config.Flag("scale_attn_weights", true) ? 1f / MathF.Sqrt(hidden / heads) : 1f;
        if (config.Flag("scale_attn_by_inverse_layer_idx", false)) scale /= index + 1;
        var attention = new AttentionSettings(heads, scale, BertSettings.Dropout(config, "attn_pdrop", 0.1)) { KeysAfter = 0 };
        Activation activation = Activations.Read(config, "activation_function", "gelu_new");
        float dropout = BertSettings.Dropout(config, "resid_pdrop", 0.1);
        double outputDeviation = config.Number("initializer_range", 0.02) / Math.Sqrt(2.0 * layers); // section 2.3 of the paper

        var attentionNorm = new LayerNormLayer(scope / "ln_1", hidden, _epsilon);
        var queryKeyValue = new TransposedLinearLayer(scope / "attn.c_attn", hidden, 3 * hidden);
        var attentionOutput = new TransposedLinearLayer(scope / "attn.c_proj", hidden, hidden, outputDeviation);
        var feedForwardNorm = new LayerNormLayer(scope / "ln_2", hidden, _epsilon);
        var widen = new TransposedLinearLayer(scope / "mlp.c_fc", hidden, wide);
        var narrow = new TransposedLinearLayer(scope / "mlp.c_proj", wide, hidden, outputDeviation);
        return new PreNormBlock
        {
            AttentionNorm = attentionNorm.Forward,
            Attention = new SelfAttention((tape, x) => queryKeyValue.Forward(tape, x), attention).Forward,
            AttentionOutput = (tape, x) => tape.Dropout(attentionOutput.Forward(tape, x), dropout),
            FeedForwardNorm = feedForwardNorm.Forward,
            FeedForward = (tape, x) =>
            {
                Tensor inner = widen.Forward(tape, x, activation);
                Tensor result = narrow.Forward(tape, inner);
                tape.Release(inner);
                return tape.Dropout(result, dropout);
            },
        };
    }
}

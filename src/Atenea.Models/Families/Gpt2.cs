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
internal static class Gpt2
{
    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("gpt2", "transformer", "GPT2")
    {
        CreateEncoder = Build,
        CreateSequenceHead = static site => new LastTokenHead(site),
        CreateTokenHead = static site => LinearRowHead.OfDecoder(site, "classifier"),
        CreateQuestionAnsweringHead = static site => LinearRowHead.Answers(site),
        CreateCausalLanguageHead = static site => new LanguageDecoder(site, site.Root / "lm_head").Forward,
        ClassNames = new Dictionary<string, string> { ["ForCausalLM"] = "GPT2LMHeadModel" },
    };

    /// <exception cref="AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502, ATN0503).</exception>
    private static BlockEncoder Build(ModelConfig config, ParameterScope scope)
    {
        if (config.Flag("add_cross_attention", false))
            throw config.Unsupported("add_cross_attention", "true, this family reads one text");
        int hidden = config.Size("n_embd", 768), maxPositions = config.Size("n_positions", 1024);
        double epsilon = config.Number("layer_norm_epsilon", 1e-5);
        var embeddings = new TokenEmbeddings
        {
            Words = new EmbeddingTable(scope / "wte", config.Size("vocab_size", 50257), hidden),
            Positions = new EmbeddingTable(scope / "wpe", maxPositions, hidden),
            Dropout = EncoderSettings.Dropout(config, "embd_pdrop", 0.1),
        };
        var blocks = new PreNormBlock[config.Size("n_layer", 12)];
        for (int i = 0; i < blocks.Length; i++) blocks[i] = Block(config, scope / "h" / i, hidden, epsilon, i, blocks.Length);
        var finalNorm = new LayerNormLayer(scope / "ln_f", hidden, epsilon);
        return new BlockEncoder(hidden, maxPositions, embeddings, new BlockStack(blocks, finalNorm.Forward));
    }

    private static PreNormBlock Block(ModelConfig config, ParameterScope scope, int hidden, double epsilon, int index, int layers)
    {
        int heads = config.Size("n_head", 12), wide = config.Size("n_inner", 4 * hidden);
        if (hidden % heads != 0) throw config.Invalid("n_head", $"{heads} heads do not divide the hidden size {hidden}");
        float scale = config.Flag("scale_attn_weights", true) ? 1f / MathF.Sqrt(hidden / heads) : 1f;
        if (config.Flag("scale_attn_by_inverse_layer_idx", false)) scale /= index + 1;
        var attention = new AttentionSettings(heads, scale, EncoderSettings.Dropout(config, "attn_pdrop", 0.1)) { KeysAfter = 0 };
        Activation activation = Activations.Read(config, "activation_function", "gelu_new");
        float dropout = EncoderSettings.Dropout(config, "resid_pdrop", 0.1);
        double outputDeviation = config.Number("initializer_range", 0.02) / Math.Sqrt(2.0 * layers); // section 2.3 of the paper
        LinearLayer Linear(string name, int inputs, int outputs, double? deviation = null) =>
            new(scope / name, inputs, outputs, deviation: deviation, layout: WeightLayout.InputsOutputs);

        var attentionNorm = new LayerNormLayer(scope / "ln_1", hidden, epsilon);
        LinearLayer queryKeyValue = Linear("attn.c_attn", hidden, 3 * hidden);
        LinearLayer attentionOutput = Linear("attn.c_proj", hidden, hidden, outputDeviation);
        var feedForwardNorm = new LayerNormLayer(scope / "ln_2", hidden, epsilon);
        LinearLayer widen = Linear("mlp.c_fc", hidden, wide);
        LinearLayer narrow = Linear("mlp.c_proj", wide, hidden, outputDeviation);
        return new PreNormBlock
        {
            AttentionNorm = attentionNorm.Forward,
            Attention = new SelfAttention((pass, x) => queryKeyValue.Forward(pass, x), attention),
            AttentionOutput = attentionOutput,
            AttentionOutputDropout = dropout,
            FeedForwardNorm = feedForwardNorm.Forward,
            FeedForward = new FeedForward(widen, activation, narrow, dropout).Forward,
        };
    }
}

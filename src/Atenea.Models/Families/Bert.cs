using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// BERT: a stack of bidirectional Transformer blocks over the sum of word, position and segment embeddings; each block is self-attention,
/// then a feed-forward part, each followed by dropout, residual and layer norm (post-norm).
/// Paper: Devlin, Chang, Lee and Toutanova, "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
/// NAACL 2019, https://arxiv.org/abs/1810.04805. Also MiniLM (Wang et al. 2020), TinyBERT, BETO, SciBERT, BioBERT: the same architecture.
/// Names as in transformers' <c>BertModel</c>.
/// </summary>
/// <example><code>
/// using SequenceClassifier model = ModelLoader.LoadSequenceClassifier("bert-base-uncased");
/// using var team = new WorkerTeam();
/// using var tape = new Tape(team);
/// var batch = new InputBatch();
/// batch.Add([101, 7592, 2088, 102]);
/// tape.Begin(TapeMode.Inference);
/// Tensor logits = model.Forward(tape, batch); // [1, labels]
/// </code></example>
public sealed class Bert : Encoder
{
    private readonly BertSettings _settings;
    private readonly EmbeddingTable _words;
    private readonly EmbeddingTable _positions;
    private readonly EmbeddingTable _types;
    private readonly LayerNormLayer _embeddingNorm;
    private readonly Block[] _blocks;

    /// <summary>Builds the encoder of a configuration at <paramref name="scope"/>.</summary>
    /// <exception cref="Errors.AteneaException">The configuration makes no sense or is not supported (ATN0410, ATN0502, ATN0503).</exception>
    public Bert(ModelConfig config, ParameterScope scope)
    {
        BertSettings.RequirePlainEncoder(config);
        _settings = BertSettings.Read(config);
        ParameterScope embeddings = scope / "embeddings";
        int hidden = _settings.HiddenSize;
        _words = new EmbeddingTable(embeddings / "word_embeddings", _settings.VocabularySize, hidden, _settings.PaddingId);
        _positions = new EmbeddingTable(embeddings / "position_embeddings", _settings.MaxPositions, hidden);
        _types = new EmbeddingTable(embeddings / "token_type_embeddings", _settings.TypeVocabularySize, hidden);
        _embeddingNorm = new LayerNormLayer(embeddings / "LayerNorm", hidden, _settings.Epsilon);
        _blocks = new Block[_settings.Layers];
        for (int i = 0; i < _blocks.Length; i++) _blocks[i] = new Block(scope / "encoder.layer" / i, _settings);
    }

    /// <summary>The registration of the family.</summary>
    public static ModelFamily Family { get; } = new("bert", "bert", "Bert")
    {
        CreateEncoder = static (config, scope) => new Bert(config, scope),
        CreatePooler = static (config, scope) => new Pooler(scope / "pooler.dense", config.Size("hidden_size", 768)),
        CreateSequenceHead = static (config, encoder, model) =>
        {
            var pooler = new Pooler(encoder / "pooler.dense", config.Size("hidden_size", 768));
            return new SequenceHead(new PooledClassificationHead(pooler, model / "classifier", config).Forward, pooler);
        },
    };

    /// <inheritdoc/>
    public override int HiddenSize => _settings.HiddenSize;

    /// <inheritdoc/>
    public override int Layers => _settings.Layers;

    /// <inheritdoc/>
    public override int MaxPositions => _settings.MaxPositions;

    /// <inheritdoc/>
    public override int VocabularySize => _settings.VocabularySize;

    /// <inheritdoc/>
    public override EncoderOutput Forward(Tape tape, InputBatch batch, EncoderCapture? capture = null)
    {
        capture?.Begin();
        bool keep = capture is { WantsHiddenStates: true };
        Tensor x = Embed(tape, batch);
        capture?.AddHiddenState(x);
        foreach (Block block in _blocks)
        {
            x = block.Forward(tape, x, batch, firstTokens: false, keep, capture?.NextAttention());
            capture?.AddHiddenState(x);
        }

        return new EncoderOutput(x, capture);
    }

    /// <inheritdoc/>
    public override Tensor ForwardFirstTokens(Tape tape, InputBatch batch)
    {
        Tensor x = Embed(tape, batch);
        for (int i = 0; i < _blocks.Length; i++)
            x = _blocks[i].Forward(tape, x, batch, firstTokens: i == _blocks.Length - 1, keepInput: false, attention: null);
        return x;
    }

    /// <summary>Section 3 of the paper, "Input/Output Representations": [tokens, hidden].</summary>
    private Tensor Embed(Tape tape, InputBatch batch)
    {
        batch.Check(_settings.VocabularySize, _settings.TypeVocabularySize, _settings.MaxPositions);
        Tensor sum = tape.Embedding(
        [
            new EmbeddingInput(_words.Weight, batch.Ids, _words.PaddingId),
            new EmbeddingInput(_types.Weight, batch.TypeIds),
            new EmbeddingInput(_positions.Weight, batch.Positions),
        ]);
        Tensor normed = _embeddingNorm.Forward(tape, sum);
        tape.Release(sum);
        return tape.Dropout(normed, _settings.HiddenDropout);
    }

    /// <summary>One Transformer block.</summary>
    private sealed class Block
    {
        private readonly LinearGroup _queryKeyValue;
        private readonly LinearLayer _attentionOutput;
        private readonly LayerNormLayer _attentionNorm;
        private readonly LinearLayer _intermediate;
        private readonly LinearLayer _output;
        private readonly LayerNormLayer _outputNorm;
        private readonly AttentionSettings _attention;
        private readonly Activation _activation;
        private readonly float _dropout;

        public Block(ParameterScope scope, BertSettings settings)
        {
            int hidden = settings.HiddenSize;
            _queryKeyValue = new LinearGroup(
                new LinearLayer(scope / "attention.self.query", hidden, hidden),
                new LinearLayer(scope / "attention.self.key", hidden, hidden),
                new LinearLayer(scope / "attention.self.value", hidden, hidden));
            _attentionOutput = new LinearLayer(scope / "attention.output.dense", hidden, hidden);
            _attentionNorm = new LayerNormLayer(scope / "attention.output.LayerNorm", hidden, settings.Epsilon);
            _intermediate = new LinearLayer(scope / "intermediate.dense", hidden, settings.IntermediateSize);
            _output = new LinearLayer(scope / "output.dense", settings.IntermediateSize, hidden);
            _outputNorm = new LayerNormLayer(scope / "output.LayerNorm", hidden, settings.Epsilon);
            _attention = new AttentionSettings(settings.Heads, 1f / MathF.Sqrt(hidden / settings.Heads), settings.AttentionDropout);
            _activation = settings.Activation;
            _dropout = settings.HiddenDropout;
        }

        /// <summary>
        /// x [tokens, hidden] -> [tokens, hidden], or [sequences, hidden] for the first tokens alone: every other token still serves as key
        /// and value, but what follows attention works row by row, so the other rows can be left out without changing a bit of these.
        /// </summary>
        public Tensor Forward(Tape tape, Tensor x, InputBatch batch, bool firstTokens, bool keepInput, AttentionCapture? attention)
        {
            Tensor queryKeyValue = _queryKeyValue.Forward(tape, x);
            Tensor context = tape.Attention(queryKeyValue, batch.Offsets, _attention, attention);
            tape.Release(queryKeyValue);
            if (firstTokens)
            {
                context = SelectFirst(tape, context, batch, keep: false);
                x = SelectFirst(tape, x, batch, keepInput);
                keepInput = false;
            }

            Tensor attended = _attentionOutput.Forward(tape, context);
            tape.Release(context);
            Tensor middle = _attentionNorm.Forward(tape, attended, x, _dropout);
            tape.Release(attended);
            if (!keepInput) tape.Release(x);

            Tensor wide = _intermediate.Forward(tape, middle, _activation);
            Tensor narrow = _output.Forward(tape, wide);
            tape.Release(wide);
            Tensor result = _outputNorm.Forward(tape, narrow, middle, _dropout);
            tape.Release(narrow);
            tape.Release(middle);
            return result;
        }

        private static Tensor SelectFirst(Tape tape, Tensor x, InputBatch batch, bool keep)
        {
            Tensor first = tape.SelectRows(x, batch.FirstTokens);
            if (!keep) tape.Release(x);
            return first;
        }
    }
}

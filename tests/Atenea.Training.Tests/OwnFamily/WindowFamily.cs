using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

/// <summary>
/// A family that this repository does not know, as a user would write one: each token's vector is made of its own embedding and its
/// neighbours'. All that it uses is public.
/// </summary>
internal sealed class WindowEncoder : Encoder
{
    private readonly EmbeddingTable _words;
    private readonly LayerNormLayer _norm;
    private readonly LinearLayer _mix;
    private readonly int _width;

    private WindowEncoder(EncoderSizes sizes, EmbeddingTable words, ParameterScope scope, int width)
        : base(sizes, words.Weight)
    {
        _words = words;
        _width = width;
        _norm = new LayerNormLayer(scope / "norm", sizes.HiddenSize, epsilon: 1e-5);
        _mix = new LinearLayer(scope / "mix", width * sizes.HiddenSize, sizes.HiddenSize);
    }

    /// <summary>What a user registers.</summary>
    public static ModelFamily Family { get; } = new("window", "window", "Window")
    {
        CreateEncoder = static (config, scope) => Build(config, scope),
        CreatePooler = static (config, scope) => new Pooler(scope / "pooler", config.Size("hidden_size")),
        CreateSequenceHead = static site => new PooledClassificationHead(
            new Pooler(site.EncoderScope / "pooler", site.Encoder.HiddenSize), site.Root / "classifier", site.Config),
        CreateTokenHead = static site => LinearRowHead.Classifier(site, dropout: 0.1f),
        CreateMaskedLanguageHead = static site => new LanguageDecoder(site, site.Root / "decoder").Forward,
    };

    /// <inheritdoc/>
    public override Tensor Forward(ForwardPass pass)
    {
        Tape tape = pass.Tape;
        pass.Batch.Check(VocabularySize, typeVocabularySize: 0, MaxPositions);
        Tensor normed = _norm.Forward(pass, _words.Forward(pass, pass.Batch.Ids));
        pass.Capture?.Begin();
        pass.Capture?.AddHiddenState(normed);
        Tensor states = _mix.Forward(pass, tape.Unfold(normed, pass.Batch.Offsets, _width), Activation.Gelu);
        pass.Capture?.AddHiddenState(states);
        return states;
    }

    private static WindowEncoder Build(ModelConfig config, ParameterScope scope)
    {
        int hidden = config.Size("hidden_size"), vocabulary = config.Size("vocab_size"), width = config.Size("window", 3);
        if (width % 2 == 0) throw config.Invalid("window", $"{width}, expected an odd number");
        var sizes = new EncoderSizes(Layers: 1, hidden, vocabulary, config.Size("max_position_embeddings", 512));
        return new WindowEncoder(sizes, new EmbeddingTable(scope / "words", vocabulary, hidden), scope, width);
    }
}

/// <summary>A task that this repository does not know: how many tokens a text has that are of some kind, as a number.</summary>
internal sealed class TallyModel : TaskModel
{
    private readonly LinearLayer _score;

    private TallyModel(HeadSite site)
        : base(site) => _score = new LinearLayer(site.Root.Head / "tally", site.Encoder.HiddenSize, 1);

    /// <summary>What a user registers; every family has it.</summary>
    public static ModelTask Task { get; } =
        new("tally", "counting tokens", "ForTally", typeof(TallyModel), static _ => true, static site => new TallyModel(site));

    /// <inheritdoc/>
    public override IReadOnlyList<LabelArgument> LabelArguments { get; } = [new LabelArgument("tallies", Granularity.Sequence)];

    /// <inheritdoc/>
    public override IReadOnlyList<LossTerm> LossTerms { get; } = [new LossTerm("tally")];

    /// <inheritdoc/>
    public override void Count(InputBatch batch, ModelLabels labels, Span<long> counts) => counts[0] += labels.Numbers("tallies").Length;

    /// <inheritdoc/>
    public override ModelOutputs Run(ForwardPass pass)
    {
        Tensor pooled = pass.Tape.MeanPool(Encoder.Forward(pass), pass.Batch.Offsets);
        return ModelOutputs.Logits(_score.Forward(pass, pooled), Granularity.Sequence);
    }

    /// <inheritdoc/>
    public override ModelLoss LossOf(ForwardPass pass, in ModelOutputs outputs, ModelLabels labels, float labelSmoothing = 0) =>
        pass.NewLoss().Add(LossTerms[0], pass.Tape.MeanSquaredError(outputs.First.Values, labels.Numbers("tallies")));
}

using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>What every head of ModernBERT begins with, row by row: a linear layer, an activation, a norm, at <c>head</c>.</summary>
internal sealed class ModernBertTransform
{
    private readonly LinearLayer _dense;
    private readonly LayerNormLayer _norm;
    private readonly Activation _activation;

    public ModernBertTransform(HeadSite site)
    {
        ModelConfig config = site.Config;
        ParameterScope scope = site.Root.Head / "head";
        int hidden = site.Encoder.HiddenSize;
        double deviation = ModernBertSettings.Read(config).OutputDeviation;
        _dense = new LinearLayer(scope / "dense", hidden, hidden, config.Flag("classifier_bias", false), deviation);
        _norm = new LayerNormLayer(scope / "norm", hidden, config.Number("norm_eps", 1e-5), config.Flag("norm_bias", false));
        _activation = Activations.Read(config, "classifier_activation", "gelu");
    }

    /// <summary>[rows, hidden] -> [rows, hidden].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states)
    {
        Tensor transformed = _dense.Forward(pass, states, _activation);
        Tensor normed = _norm.Forward(pass, transformed);
        pass.Tape.Release(transformed);
        return normed;
    }
}

/// <summary>
/// Transform, dropout and one linear layer, called <c>classifier</c> in question answering too; it has a bias whatever
/// <c>classifier_bias</c> says.
/// </summary>
internal sealed class ModernBertRowHead
{
    private readonly ModernBertTransform _transform;
    private readonly LinearLayer _classifier;
    private readonly float _dropout;

    public ModernBertRowHead(HeadSite site, int outputs)
    {
        _transform = new ModernBertTransform(site);
        int hidden = site.Encoder.HiddenSize;
        _classifier = new LinearLayer(site.Root.Head / "classifier", hidden, outputs, deviation: 1 / Math.Sqrt(hidden));
        _dropout = EncoderSettings.Dropout(site.Config, "classifier_dropout", 0);
    }

    /// <summary>A <see cref="RowFunction"/>: [rows, hidden] -> [rows, outputs].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states) =>
        _classifier.Forward(pass, pass.Tape.Dropout(_transform.Forward(pass, states), _dropout));
}

/// <summary>
/// The sequence classifier: the first token's vector or the mean of all, by <c>classifier_pooling</c>, then as
/// <see cref="ModernBertRowHead"/>.
/// </summary>
internal sealed class ModernBertSequenceHead : SequenceHead
{
    private readonly ModernBertRowHead _head;
    private readonly bool _mean;

    public ModernBertSequenceHead(HeadSite site, int outputs)
    {
        const string Key = "classifier_pooling";
        string pooling = site.Config.Text(Key, "cls");
        if (pooling is not ("cls" or "mean")) throw site.Config.Invalid(Key, $"'{pooling}', expected cls or mean");
        _mean = pooling == "mean";
        _head = new ModernBertRowHead(site, outputs);
    }

    /// <inheritdoc/>
    public override bool ReadsAllTokens => _mean;

    /// <summary>First tokens' vectors, or all of them -> [sequences, outputs].</summary>
    public override Tensor Forward(ForwardPass pass, Tensor states) =>
        _head.Forward(pass, _mean ? pass.Tape.MeanPool(states, pass.Batch.Offsets) : states);
}

/// <summary>The masked language head: transform and decoder, at the root of the model.</summary>
internal sealed class ModernBertLanguageHead
{
    private readonly ModernBertTransform _transform;
    private readonly LanguageDecoder _decoder;

    public ModernBertLanguageHead(HeadSite site)
    {
        _transform = new ModernBertTransform(site);
        ParameterScope decoder = site.Root / "decoder";
        _decoder = site.Config.Flag("decoder_bias", true)
            ? new LanguageDecoder(site, decoder, bias: decoder)
            : new LanguageDecoder(site, decoder);
    }

    /// <summary>A <see cref="RowFunction"/>: [rows, hidden] -> [rows, vocabulary].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states)
    {
        Tensor transformed = _transform.Forward(pass, states);
        Tensor logits = _decoder.Forward(pass, transformed);
        pass.Tape.Release(transformed);
        return logits;
    }
}

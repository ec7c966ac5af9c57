using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A head of two layers over the first token: dropout where the family has it, a linear layer, an activation, dropout, a linear layer with
/// the outputs. RoBERTa's family, ELECTRA, MPNet and DistilBERT classify so; their names, activations and dropouts differ.
/// </summary>
public sealed class DenseClassificationHead : SequenceHead
{
    private readonly LinearLayer _dense;
    private readonly LinearLayer _output;
    private readonly Activation _activation;
    private readonly float _inputDropout;
    private readonly float _dropout;

    /// <summary>Builds the head of a sequence classifier under RoBERTa's names, with its dropout before both layers.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="activation">Between the layers.</param>
    public DenseClassificationHead(HeadSite site, Activation activation)
        : this(site.Root / "classifier.dense", site.Root / "classifier.out_proj", site.Encoder.HiddenSize, site.Config.NumLabels,
            activation, EncoderSettings.ClassifierDropout(site.Config), EncoderSettings.ClassifierDropout(site.Config))
    {
    }

    /// <summary>Builds the head.</summary>
    /// <param name="dense">Place of the first layer.</param>
    /// <param name="output">Place of the second one.</param>
    /// <param name="hiddenSize">Length of the first token's vector, kept by the first layer.</param>
    /// <param name="outputs">Outputs per sequence.</param>
    /// <param name="activation">Between the layers.</param>
    /// <param name="dropout">Dropout before the second layer.</param>
    /// <param name="inputDropout">Dropout before the first layer.</param>
    public DenseClassificationHead(
        ParameterScope dense, ParameterScope output, int hiddenSize, int outputs, Activation activation, float dropout, float inputDropout)
    {
        _dense = new LinearLayer(dense.Head, hiddenSize, hiddenSize);
        _output = new LinearLayer(output.Head, hiddenSize, outputs);
        _activation = activation;
        _dropout = dropout;
        _inputDropout = inputDropout;
    }

    /// <summary>First tokens' vectors [sequences, hidden] -> [sequences, outputs].</summary>
    public override Tensor Forward(ForwardPass pass, Tensor states)
    {
        Tensor dense = _dense.Forward(pass, pass.Tape.Dropout(states, _inputDropout), _activation);
        return _output.Forward(pass, pass.Tape.Dropout(dense, _dropout));
    }
}

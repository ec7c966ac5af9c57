using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Dropout and one linear layer over each row: the token classifiers and question answering heads of most families.</summary>
public sealed class LinearRowHead
{
    private readonly LinearLayer _layer;
    private readonly float _dropout;

    /// <summary>Builds the layer at <paramref name="scope"/>.</summary>
    /// <param name="scope">For example <c>classifier</c> or <c>qa_outputs</c>.</param>
    /// <param name="inputs">Features in.</param>
    /// <param name="outputs">Outputs per row.</param>
    /// <param name="dropout">Dropout before the layer.</param>
    public LinearRowHead(ParameterScope scope, int inputs, int outputs, float dropout = 0)
    {
        _layer = new LinearLayer(scope.Head, inputs, outputs);
        _dropout = dropout;
    }

    /// <summary>A token classifier at <c>classifier</c> of the model, with an output per label.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="dropout">Dropout before the layer.</param>
    public static RowFunction Classifier(HeadSite site, float dropout) =>
        new LinearRowHead(site.Root / "classifier", site.Encoder.HiddenSize, site.Config.NumLabels, dropout).Forward;

    /// <summary>A head of extractive question answering at <c>qa_outputs</c> of the model: start and end.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="dropout">Dropout before the layer.</param>
    public static RowFunction Answers(HeadSite site, float dropout = 0) =>
        new LinearRowHead(site.Root / "qa_outputs", site.Encoder.HiddenSize, 2, dropout).Forward;

    /// <summary>The token classifier of decoders, with <c>classifier_dropout</c>, else <c>hidden_dropout</c>, else 0.1.</summary>
    /// <param name="site">What it stands on.</param>
    /// <param name="name">The layer's name at the model's root.</param>
    /// <exception cref="Errors.AteneaException">The dropout is not in [0, 1) (ATN0410).</exception>
    internal static RowFunction OfDecoder(HeadSite site, string name)
    {
        string key = site.Config.Has("classifier_dropout") ? "classifier_dropout" : "hidden_dropout";
        float dropout = EncoderSettings.Dropout(site.Config, key, 0.1);
        return new LinearRowHead(site.Root / name, site.Encoder.HiddenSize, site.Config.NumLabels, dropout).Forward;
    }

    /// <summary>A <see cref="RowFunction"/>: [rows, inputs] -> [rows, outputs].</summary>
    public Tensor Forward(ForwardPass pass, Tensor states) => _layer.Forward(pass, pass.Tape.Dropout(states, _dropout));
}

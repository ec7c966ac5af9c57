using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A linear layer and an activation over the pooled vector (LaBSE): module <c>Dense</c> of sentence-transformers.</summary>
internal sealed class DenseModule : IDisposable
{
    private const string Activations = "torch.nn.modules.activation.";
    private const string Identity = "torch.nn.modules.linear.Identity";

    private readonly ParameterSet _parameters = new();
    private readonly LinearLayer _linear;
    private readonly Activation _activation;
    private readonly ModelConfig _config;

    private DenseModule(ModelConfig config)
    {
        _config = config;
        _activation = config.Text("activation_function", Activations + "Tanh") switch
        {
            Activations + "Tanh" => Activation.Tanh,
            Activations + "ReLU" => Activation.Relu,
            Activations + "GELU" => Activation.Gelu,
            Activations + "SiLU" => Activation.Silu,
            Identity => Activation.None,
            string other => throw new AteneaException(Catalogue.UnknownActivation, $"'{other}'", $"{config.Source}: activation_function"),
        };
        int inputs = config.Size("in_features"), outputs = config.Size("out_features");
        _linear = new LinearLayer(_parameters.Root / "linear", inputs, outputs, config.Flag("bias", true));
    }

    /// <summary>Length of the vectors that it takes.</summary>
    public int Inputs => _linear.Weight.Columns;

    /// <summary>Length of the vectors that it gives.</summary>
    public int Outputs => _linear.Weight.Rows;

    /// <summary>Its parameters, <c>linear.weight</c> and <c>linear.bias</c>.</summary>
    public ParameterSet Parameters => _parameters;

    /// <summary>Reads a module's folder.</summary>
    /// <exception cref="AteneaException">Files are missing or malformed (ATN04xx), a shape does not fit (ATN0504), a weight is missing
    /// (ATN0505).</exception>
    public static DenseModule Load(string folder)
    {
        using ITensorSource source = Checkpoint.Open(folder);
        var module = new DenseModule(ModelConfig.Load(folder));
        try
        {
            foreach (Parameter parameter in module._parameters) Fill(parameter, source);
            return module;
        }
        catch
        {
            module.Dispose();
            throw;
        }
    }

    /// <summary>[sequences, inputs] -> [sequences, outputs].</summary>
    public Tensor Forward(ForwardPass pass, Tensor pooled) => _linear.Forward(pass, pooled, _activation);

    /// <summary>Writes the module's folder.</summary>
    public void Save(string folder)
    {
        ParameterFiles.Write(_parameters, Path.Combine(folder, Checkpoint.FileName));
        _config.Save(folder);
    }

    /// <inheritdoc/>
    public void Dispose() => _parameters.Dispose();

    private static void Fill(Parameter parameter, ITensorSource source)
    {
        TensorInfo info = source.Contents.FirstOrDefault(info => info.Name == parameter.Name)
            ?? throw new AteneaException(Catalogue.EncoderWeightsMissing, $"'{parameter.Name}' is not there", source.Path);
        if (!info.Shape.SequenceEqual(parameter.Shape.ToArray().Select(size => (long)size)))
        {
            string found = string.Join(", ", info.Shape), expected = string.Join(", ", parameter.Shape.ToArray());
            throw new AteneaException(Catalogue.WeightShapeMismatch,
                $"'{parameter.Name}' is [{found}] in the checkpoint, [{expected}] by the configuration", source.Path);
        }

        ParameterFiles.Fill(parameter, source, parameter.Name);
    }
}

using System.Text.Json.Nodes;
using Atenea.Hub;

namespace Atenea.Models;

/// <summary>An encoder with what stands on it, its parameters and its configuration.</summary>
public abstract class Model : IDisposable
{
    private protected Model(HeadSite site, string classSuffix)
    {
        Config = site.Config;
        Family = site.Family;
        ClassName = site.Family.ClassNameOf(classSuffix);
        Parameters = site.Root.Set;
        Encoder = site.Encoder;
    }

    /// <summary>The configuration that the model was built from, with its present labels and problem type.</summary>
    public ModelConfig Config { get; }

    /// <summary>The family.</summary>
    public ModelFamily Family { get; }

    /// <summary>The class of transformers that this model loads into, for example <c>BertForSequenceClassification</c>.</summary>
    public string ClassName { get; }

    /// <summary>The parameters in the order in which the layers are built; the model owns them.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The pretrained body.</summary>
    public Encoder Encoder { get; }

    /// <summary>The encoder's pooler, where the model has it; else null.</summary>
    public virtual Pooler? Pooler => null;

    /// <summary>What came from the checkpoint and what did not; null for a model that was built from a configuration alone.</summary>
    public LoadReport? LoadReport { get; internal set; }

    /// <summary>
    /// Writes <c>config.json</c> and <c>model.safetensors</c> (float32), each atomically, so that <c>from_pretrained</c> of transformers
    /// loads the folder. Keys of the configuration that nothing here reads are kept. Tokenizer files are the caller's to copy.
    /// </summary>
    /// <param name="folder">Created if missing.</param>
    /// <exception cref="Errors.AteneaException">A file cannot be written (ATN0403).</exception>
    public void Save(string folder)
    {
        ParameterFiles.Write(Parameters, folder);
        ModelConfig config = Config.Clone();
        config.Set("architectures", new JsonArray(ClassName));
        // Version 5 of transformers writes "dtype", older ones "torch_dtype", and both load in the type that the file names.
        config.Set("dtype", "float32");
        if (config.Has("torch_dtype")) config.Set("torch_dtype", "float32");
        config.Save(folder);
    }

    /// <summary>A model with newly drawn weights, which depend on the seed and on the parameters' names alone.</summary>
    internal static T WithNewWeights<T>(T model, ulong seed)
        where T : Model
    {
        try
        {
            WeightInitializer.DrawAll(model, seed);
            return model;
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>Gives the parameters' memory back.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        GC.SuppressFinalize(this);
    }
}

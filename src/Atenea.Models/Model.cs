using System.Text.Json.Nodes;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>An encoder with what stands on it, its parameters and its configuration.</summary>
public abstract class Model : IDisposable
{
    /// <summary>Takes what the model is built on.</summary>
    protected Model(HeadSite site)
    {
        Config = site.Config;
        Family = site.Family;
        ClassName = site.Family.ClassNameOf(site.Task.ClassSuffix);
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
    /// loads the folder. Keys of the configuration that nothing here reads are kept. Adapters are left out; tokenizer files are the
    /// caller's to copy.
    /// </summary>
    /// <param name="folder">Created if missing.</param>
    /// <exception cref="Errors.AteneaException">A file cannot be written (ATN0403).</exception>
    public void Save(string folder)
    {
        IEnumerable<Parameter> own = Parameters.Where(parameter => Parameters.PartOf(parameter) != ParameterPart.Adapter);
        ParameterFiles.Write(own, Path.Combine(folder, Checkpoint.FileName));
        ModelConfig config = Config.Clone();
        config.Set("architectures", new JsonArray(ClassName));
        // Version 5 of transformers writes "dtype", older ones "torch_dtype", and both load in the type that the file names.
        config.Set("dtype", "float32");
        if (config.Has("torch_dtype")) config.Set("torch_dtype", "float32");
        config.Save(folder);
    }

    /// <summary>Gives the parameters' memory back.</summary>
    public void Dispose()
    {
        Parameters.Dispose();
        GC.SuppressFinalize(this);
    }
}

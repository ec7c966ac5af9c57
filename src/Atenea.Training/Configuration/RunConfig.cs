namespace Atenea.Training;

/// <summary>
/// Everything that decides a run. Read by <see cref="ConfigReader"/> from YAML, written complete by <see cref="ConfigWriter"/>; the keys
/// are listed in <see cref="ConfigSchema"/>. Paths of data files are absolute once read.
/// </summary>
public sealed class RunConfig
{
    /// <summary>What the model is trained for. <c>text-classification</c> covers one label, several labels and regression.</summary>
    public string Task { get; set; } = "text-classification";

    /// <summary>Model to start from: a hub id, an embedded model's name, or a folder.</summary>
    public string Model { get; set; } = "";

    /// <summary>Branch, tag or commit of a hub model; a finished run names the commit. Null for folders and the embedded model.</summary>
    public string? Revision { get; set; }

    /// <summary>What is changed in the model's own config.json.</summary>
    public ModelOptions ModelOptions { get; } = new();

    /// <summary>Where the rows come from.</summary>
    public DataOptions Data { get; } = new();

    /// <summary>How the model is trained: Hugging Face's <c>TrainingArguments</c>.</summary>
    public TrainingOptions Training { get; } = new();

    /// <summary>Things worth telling the user that do not stop the run, such as keys without effect here.</summary>
    public IList<string> Notices { get; } = [];
}

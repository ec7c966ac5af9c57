namespace Atenea.Hub;

/// <summary>Where a model name was found.</summary>
public enum ModelOrigin
{
    /// <summary>A model folder, named by its path.</summary>
    Folder,

    /// <summary>The <c>best</c> or <c>last</c> folder of a run, named by the run's path.</summary>
    Run,

    /// <summary>The model that comes with Atenea.</summary>
    Embedded,

    /// <summary>A snapshot of the Hugging Face cache.</summary>
    Cache,
}

/// <summary>A model's folder and how it was found.</summary>
/// <param name="Name">The name as it was given.</param>
/// <param name="Folder">The folder with config.json, weights and tokenizer.</param>
/// <param name="Origin">Where it was found.</param>
/// <param name="Commit">The commit of a cached model, else null.</param>
public sealed record LocatedModel(string Name, string Folder, ModelOrigin Origin, string? Commit = null)
{
    /// <summary>The path of one of its files, or null if it does not have it.</summary>
    /// <param name="relative">The file's name below the folder, for example <c>1_Pooling/config.json</c>.</param>
    public string? FindFile(string relative)
    {
        string path = Path.Combine(Folder, relative);
        return File.Exists(path) ? path : null;
    }
}

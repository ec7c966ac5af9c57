using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Finds and opens the weights of a model folder.</summary>
/// <example><code>
/// using ITensorSource weights = Checkpoint.Open("models/bert-base-uncased");
/// Console.WriteLine($"{weights.Path}: {weights.Contents.Count} tensors");
/// </code></example>
public static class Checkpoint
{
    /// <summary>The file that models are saved in.</summary>
    public const string FileName = "model.safetensors";

    /// <summary>
    /// The names under which a folder has weights, in the order in which they are preferred, which is that of transformers.
    /// </summary>
    public static IReadOnlyList<string> FileNames { get; } =
        [FileName, FileName + IndexEnding, PickleFileName, PickleFileName + IndexEnding];

    private const string PickleFileName = "pytorch_model.bin";
    private const string IndexEnding = ".index.json";

    /// <summary>The file that <see cref="Open"/> opens, or null if the folder has none.</summary>
    public static string? Find(string folder) => FileNames.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    /// <summary>
    /// Opens the weights of a folder: one safetensors file, else safetensors shards, else one PyTorch file, else PyTorch shards.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    /// <exception cref="AteneaException">
    /// There are none (ATN0510), or they cannot be read (ATN0401 to ATN0408, ATN0480 to ATN0485).
    /// </exception>
    public static ITensorSource Open(string folder)
    {
        string path = Find(folder) ?? throw NoWeights(folder);
        bool sharded = path.EndsWith(IndexEnding, StringComparison.Ordinal);
        bool pickled = Path.GetFileName(path).StartsWith(PickleFileName, StringComparison.Ordinal);
        Func<string, ITensorSource> open = pickled ? PyTorchFile.Open : SafeTensorsFile.Open;
        return sharded ? new ShardedCheckpoint(path, open) : open(path);
    }

    private static AteneaException NoWeights(string folder)
    {
        string[] others = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder).Select(file => Path.GetFileName(file)).Where(IsOtherWeights)
                .Order(StringComparer.Ordinal)]
            : [];
        return new AteneaException(Catalogue.WeightsMissing, $"there is none of {string.Join(", ", FileNames)}", folder,
            others.Length == 0 ? null : $"save the model as {FileName}: {string.Join(", ", others)} cannot be read");
    }

    private static bool IsOtherWeights(string name) =>
        name.EndsWith(".bin", StringComparison.Ordinal) || name.EndsWith(".safetensors", StringComparison.Ordinal)
        || name.EndsWith(".h5", StringComparison.Ordinal) || name.EndsWith(".msgpack", StringComparison.Ordinal);
}

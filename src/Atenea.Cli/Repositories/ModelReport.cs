using Atenea.Hub;

namespace Atenea.Cli.Repositories;

/// <summary>Parameters of one part of a model.</summary>
/// <param name="Name">The part: embeddings, layers, pooler, or the first word of a head's names.</param>
/// <param name="Tensors">Number of its tensors.</param>
/// <param name="Parameters">Number of its elements.</param>
internal sealed record ModelPart(string Name, int Tensors, long Parameters);

/// <summary>One file of a model.</summary>
/// <param name="Name">Its name, with slashes.</param>
/// <param name="Bytes">Its size, or null when it is not known.</param>
internal sealed record ModelFile(string Name, long? Bytes);

/// <summary>What <c>atenea model info</c> tells; what is not known is null.</summary>
internal sealed record ModelReport
{
    /// <summary>The name as it was given.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found: folder, run, embedded, cache or hub.</summary>
    public required string Origin { get; init; }

    /// <summary>Its folder, if it is at hand.</summary>
    public string? Folder { get; init; }

    /// <summary>Its commit, if it is a hub model.</summary>
    public string? Commit { get; init; }

    /// <summary><c>model_type</c> of its config.json.</summary>
    public string? Family { get; init; }

    /// <summary>Whether Atenea has that family.</summary>
    public bool FamilyIsKnown { get; init; }

    /// <summary>Class names of its config.json, which tell its heads.</summary>
    public IReadOnlyList<string> Architectures { get; init; } = [];

    /// <summary>Names of its labels, if its config.json names them.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>Sizes of its config.json that say how large it is, by key.</summary>
    public IReadOnlyDictionary<string, long> Sizes { get; init; } = new Dictionary<string, long>();

    /// <summary>Kind of its tokenizer.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Licence of its card.</summary>
    public string? License { get; init; }

    /// <summary>Parameters in all.</summary>
    public long? Parameters { get; init; }

    /// <summary>Parameters by storage type.</summary>
    public IReadOnlyDictionary<string, long> StorageTypes { get; init; } = new Dictionary<string, long>();

    /// <summary>Parameters by part.</summary>
    public IReadOnlyList<ModelPart> Parts { get; init; } = [];

    /// <summary>Bytes of its weights in memory, in single precision.</summary>
    public long? WeightBytes => Parameters * sizeof(float);

    /// <summary>Bytes of full fine-tuning without activations: weights, gradients and AdamW's two moments.</summary>
    public long? TrainingBytes => WeightBytes * 4;

    /// <summary>Its files.</summary>
    public IReadOnlyList<ModelFile> Files { get; init; } = [];

    /// <summary>What the hub tells of it, if it was asked.</summary>
    public RepositorySummary? Hub { get; init; }
}

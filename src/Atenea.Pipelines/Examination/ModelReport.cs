using System.Text.Json;
using System.Text.Json.Serialization;
using Atenea.Hub;
using Atenea.Models;

namespace Atenea.Pipelines;

/// <summary>Parameters of one part of a model.</summary>
/// <param name="Name">The part: embeddings, layers, pooler, or the first word of a head's names.</param>
/// <param name="Tensors">Number of its tensors.</param>
/// <param name="Parameters">Number of its elements.</param>
public sealed record ModelPart(string Name, int Tensors, long Parameters)
{
    /// <summary>The part of the tables that ids and positions are looked up in.</summary>
    public const string Embeddings = "embeddings";

    /// <summary>The part of the blocks, with what stands between them and after them.</summary>
    public const string Layers = "layers";
}

/// <summary>The parts that every model has.</summary>
public enum ReportedPart
{
    /// <summary>Tables of words, positions and segments.</summary>
    Embeddings,

    /// <summary>The blocks.</summary>
    Layers,

    /// <summary>Pooler and heads.</summary>
    Head,
}

/// <summary>One file of a model.</summary>
/// <param name="Name">Its name, with slashes.</param>
/// <param name="Bytes">Its size, or null when it is not known.</param>
public sealed record ModelFile(string Name, long? Bytes);

/// <summary>What a choice of a model needs to know of its tokenizer.</summary>
/// <param name="Vocabulary">Number of its tokens, special ones included.</param>
/// <param name="MaxLength">Longest input that its configuration names, or null.</param>
/// <param name="TokensPerEnglishWord">Tokens per word of a small English text: the fewer, the better it knows the language.</param>
/// <param name="TokensPerSpanishWord">The same of a Spanish text.</param>
public sealed record TokenizerFacts(int Vocabulary, int? MaxLength, double TokensPerEnglishWord, double TokensPerSpanishWord);

/// <summary>What can be told of a model without loading it; what is not known is null.</summary>
public sealed record ModelReport
{
    /// <summary>The name as it was given.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found: folder, run, embedded, cache or hub.</summary>
    public required string Origin { get; init; }

    /// <summary>Its folder, if it is at hand.</summary>
    public string? Folder { get; init; }

    /// <summary>Its id on the hub, if it is at hand and from there.</summary>
    public string? Repository { get; init; }

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

    /// <summary>Layers, hidden size, vocabulary and positions of its encoder.</summary>
    public EncoderSizes? Encoder { get; init; }

    /// <summary>Attention heads of a layer.</summary>
    public int? Heads { get; init; }

    /// <summary>Kind of its tokenizer.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>More of its tokenizer.</summary>
    public TokenizerFacts? TokenizerFacts { get; init; }

    /// <summary>Longest text in tokens: what positions, tokenizer and the files of sentence-transformers allow.</summary>
    public int? MaxLength { get; init; }

    /// <summary>Whether it is a model of sentence-transformers.</summary>
    public bool? SentenceTransformers { get; init; }

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

    /// <summary>Bytes of its weights in memory, in half precision.</summary>
    public long? HalfWeightBytes => Parameters * 2;

    /// <summary>Bytes of full fine-tuning without activations: weights, gradients and AdamW's two moments.</summary>
    public long? TrainingBytes => WeightBytes * 4;

    /// <summary>Its files.</summary>
    public IReadOnlyList<ModelFile> Files { get; init; } = [];

    /// <summary>Bytes of all its files.</summary>
    public long? FileBytes => Files.Count == 0 ? null : Files.Sum(f => f.Bytes ?? 0);

    /// <summary>What the hub tells of it, if it was asked.</summary>
    public RepositorySummary? Hub { get; init; }

    /// <summary>Sequences per second that its encoder was measured at, if it was.</summary>
    public double? SamplesPerSecond { get; init; }

    /// <summary>Why something is not known, for people.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Parameters of the embeddings, of the layers, and of all that stands on them.</summary>
    public long? PartOf(ReportedPart part) => Parts.Count == 0 ? null : Parts.Where(p => PartOf(p.Name) == part).Sum(p => p.Parameters);

    /// <summary>Writes it as one JSON object, with snake_case names; what is null is left out.</summary>
    public void WriteTo(Utf8JsonWriter json) => JsonSerializer.Serialize(json, this, ModelReportContext.Default.ModelReport);

    private static ReportedPart PartOf(string name) => name switch
    {
        ModelPart.Embeddings => ReportedPart.Embeddings,
        ModelPart.Layers => ReportedPart.Layers,
        _ => ReportedPart.Head,
    };
}

/// <summary>How reports become JSON.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelReport))]
internal sealed partial class ModelReportContext : JsonSerializerContext;

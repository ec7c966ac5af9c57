using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tokenizers;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Atenea.Pipelines;

/// <summary>Looks at a model without loading it: its configuration, the headers of its weights, its card, its files.</summary>
public static partial class ModelExamination
{
    private const string CardName = "README.md";
    private static readonly string[] SizeKeys =
    [
        "hidden_size", "embedding_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
        "vocab_size", "max_position_embeddings", "type_vocab_size", "dim", "n_layers", "n_heads", "hidden_dim",
        "d_model", "num_layers", "num_heads", "d_ff", "n_embd", "n_layer", "n_head", "n_inner", "n_positions",
    ];

    private static readonly string[] LayerParts = ["encoder", "transformer", "decoder", "final_norm", "norm", "ln_f"];
    private static readonly string[] EmbeddingParts = ["embeddings", "embeddings_project", "wte", "wpe", "embed_tokens", "shared"];
    private static readonly string[] PartOrder = [ModelPart.Embeddings, ModelPart.Layers, "pooler"];
    private static readonly string[] HeadKeys = ["num_attention_heads", "n_heads", "n_head", "num_heads"];

    /// <summary>Examines a model at hand; asks the hub only when it is nowhere here. Downloads nothing.</summary>
    /// <param name="name">A folder, a run, the embedded model, or a hub id.</param>
    /// <param name="revision">Branch, tag or commit of a hub model.</param>
    /// <exception cref="AteneaException">It is nowhere (ATN0411, ATN0412, ATN0453), or its files are damaged.</exception>
    public static ModelReport Examine(string name, string? revision)
    {
        LocatedModel located;
        try
        {
            located = ModelLocator.Find(name, revision, HubCache.FromEnvironment());
        }
        catch (AteneaException e) when (e.Code == Catalogue.ModelNotFound || e.Code == Catalogue.RevisionNotFound)
        {
            (string id, string? at) = HubSnapshots.SplitRevision(name, revision);
            var settings = HubSettings.FromEnvironment();
            if (settings.Offline || !HubCache.IsRepositoryId(id)) throw;
            return OfHub(name, id, at ?? "main", settings);
        }

        return OfFolder(located);
    }

    /// <summary>
    /// Examines models at hand and adds what the hub tells of them, as long as it answers; the rest as <see cref="Examine"/> does.
    /// </summary>
    /// <param name="names">Folders, runs, the embedded model, or hub ids.</param>
    /// <exception cref="AteneaException">As for <see cref="Examine"/>.</exception>
    public static IReadOnlyList<ModelReport> ExamineWithHub(IReadOnlyList<string> names)
    {
        ModelReport[] reports = [.. names.Select(name => Examine(name, revision: null))];
        // What is only nice to know is not waited for.
        var settings = HubSettings.FromEnvironment(retry: new RetryOptions { Attempts = 1 });
        if (settings.Offline) return reports;
        using var hub = new HubClient(settings);
        for (int i = 0; i < reports.Length; i++)
        {
            if (reports[i] is not { Hub: null, Repository: { } id } report) continue;
            try
            {
                RepositoryInfo info = hub.InfoAsync(RepositoryKind.Model, id, report.Commit ?? "main").GetAwaiter().GetResult();
                reports[i] = report with { Hub = info.Summary };
            }
            catch (AteneaException unanswered)
            {
                reports[i] = report with { Problems = [.. report.Problems, unanswered.Message] };
                if (unanswered.Code == Catalogue.HubUnreachable) break; // Nor would it answer for the others.
            }
        }

        return reports;
    }

    private static ModelReport OfFolder(LocatedModel located)
    {
        string folder = located.Folder;
        ModelConfig config = ModelConfig.Load(folder);
        string? family = config.Json["model_type"] is JsonValue type && type.TryGetValue(out string? text) ? text : null;
        ModelFamily? known = ModelRegistry.Families.FirstOrDefault(f => f.ModelType == family);
        var problems = new List<string>();
        EncoderSizes? sizes = known is null ? null : Try(() => (EncoderSizes?)ModelRegistry.SizesOf(config), problems);
        TokenizerFacts? tokenizer = Tokenizer.IsAt(folder) ? Try(() => TokenizerExamination.Examine(folder), problems) : null;
        TensorInfo[] tensors = [];
        if (Checkpoint.Find(folder) is not null)
        {
            using ITensorSource weights = Checkpoint.Open(folder);
            tensors = [.. weights.Contents.Where(t => t.Type.IsFloat())];
        }

        return new ModelReport
        {
            Name = located.Name,
            Origin = located.Origin.ToString().ToLowerInvariant(),
            Folder = folder,
            Commit = located.Commit,
            Repository = located.Origin switch
            {
                ModelOrigin.Embedded => ModelLocator.EmbeddedId,
                ModelOrigin.Cache => HubSnapshots.SplitRevision(located.Name).Id,
                _ => null,
            },
            Family = family,
            FamilyIsKnown = known is not null,
            Architectures = config.Architectures,
            Labels = config.Json.ContainsKey("id2label") ? config.Labels : null,
            Sizes = SizesOf(config.Json),
            Encoder = sizes,
            Heads = HeadKeys.Select(config.OptionalInt).FirstOrDefault(heads => heads is not null),
            Tokenizer = TokenizerExamination.KindOf(folder),
            TokenizerFacts = tokenizer,
            MaxLength = Least(sizes?.MaxPositions, tokenizer?.MaxLength, Try(() => SentenceEncoder.MaxLengthOf(folder), problems)),
            SentenceTransformers = SentenceEncoder.IsAt(folder),
            License = LicenseOf(Path.Combine(folder, CardName)),
            Parameters = tensors.Length == 0 ? null : tensors.Sum(t => t.ElementCount),
            StorageTypes = tensors.GroupBy(t => t.Type.Name()).ToDictionary(g => g.Key, g => g.Sum(t => t.ElementCount)),
            Parts = Parts(tensors, known?.Prefix ?? family ?? ""),
            Files = FilesOf(folder),
            Problems = problems,
        };
    }

    private static T? Try<T>(Func<T> look, List<string> problems)
    {
        try
        {
            return look();
        }
        catch (AteneaException problem)
        {
            problems.Add(problem.Message);
            return default;
        }
    }

    // Files of the cache are links to their content.
    private static ModelFile[] FilesOf(string folder) =>
    [
        .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
            .Select(path =>
            {
                var file = new FileInfo(path);
                long bytes = (file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file).Length;
                return new ModelFile(Path.GetRelativePath(folder, path).Replace('\\', '/'), bytes);
            })
            .OrderBy(file => file.Name, StringComparer.Ordinal),
    ];

    private static int? Least(params IEnumerable<int?> lengths) => lengths.Min();

    private static ModelReport OfHub(string name, string id, string revision, HubSettings settings)
    {
        using var hub = new HubClient(settings);
        RepositoryInfo info = hub.InfoAsync(RepositoryKind.Model, id, revision).GetAwaiter().GetResult();
        return new ModelReport
        {
            Name = name,
            Origin = "hub",
            Commit = info.Commit,
            Family = info.ModelType,
            FamilyIsKnown = ModelRegistry.Families.Any(f => f.ModelType == info.ModelType),
            Architectures = info.Architectures,
            License = info.Summary.License,
            Parameters = info.Parameters.Count == 0 ? null : info.Parameters.Values.Sum(),
            StorageTypes = info.Parameters,
            Files = [.. info.Files.Select(f => new ModelFile(f.Name, f.Size)).OrderBy(f => f.Name, StringComparer.Ordinal)],
            Hub = info.Summary,
        };
    }

    private static Dictionary<string, long> SizesOf(JsonObject config)
    {
        var sizes = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string key in SizeKeys)
        {
            if (config[key] is JsonValue value && value.TryGetValue(out long size)) sizes[key] = size;
        }

        return sizes;
    }

    private static IReadOnlyList<ModelPart> Parts(IEnumerable<TensorInfo> tensors, string prefix) =>
    [
        .. tensors.GroupBy(t => PartOf(t.Name, prefix))
            .Select(g => new ModelPart(g.Key, g.Count(), g.Sum(t => t.ElementCount)))
            .OrderBy(p => (uint)Array.IndexOf(PartOrder, p.Name)) // Heads are not in it: -1 becomes the largest number.
            .ThenBy(p => p.Name, StringComparer.Ordinal),
    ];

    private static string PartOf(string name, string prefix)
    {
        string rest = prefix.Length > 0 && name.StartsWith(prefix + ".", StringComparison.Ordinal) ? name[(prefix.Length + 1)..] : name;
        string first = rest.Split('.')[0];
        if (LayerParts.Contains(first) || LayerPattern().IsMatch(rest)) return ModelPart.Layers;
        return EmbeddingParts.Contains(first) ? ModelPart.Embeddings : first;
    }

    // A card begins with YAML between two lines of three dashes.
    private static string? LicenseOf(string card)
    {
        if (!File.Exists(card)) return null;
        Match front = FrontMatter().Match(FileErrors.ReadText(card));
        if (!front.Success) return null;
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(front.Groups["yaml"].Value));
            if (yaml.Documents.FirstOrDefault()?.RootNode is not YamlMappingNode map) return null;
            if (!map.Children.TryGetValue("license", out YamlNode? license)) return null;
            return license is YamlSequenceNode list ? string.Join(", ", list) : license.ToString();
        }
        catch (YamlException)
        {
            return null; // A card is for people; what is wrong in it stops nothing.
        }
    }

    [GeneratedRegex(@"(^|\.)(layers?|h|blocks?|albert_layers)\.\d+\.")]
    private static partial Regex LayerPattern();

    [GeneratedRegex(@"\A\uFEFF?---\r?\n(?<yaml>.*?)\r?\n---\s*(\r?\n|\z)", RegexOptions.Singleline)]
    private static partial Regex FrontMatter();
}

using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// A model of sentence-transformers: an encoder, a pooling of its tokens' vectors, perhaps a linear layer, perhaps division by the length.
/// Its folder holds
/// <c>modules.json</c>; a folder without it is taken as an encoder with the mean of its tokens, as sentence-transformers does.
/// Paper: Reimers and Gurevych, "Sentence-BERT", EMNLP 2019, https://arxiv.org/abs/1908.10084.
/// </summary>
/// <example><code>
/// using SentenceEncoder model = SentenceEncoder.Load(ModelLocator.Find("all-MiniLM-L6-v2").Folder);
/// tape.Begin(TapeMode.Inference);
/// Tensor vectors = model.Forward(new ForwardPass(tape, batch)); // [sequences, 384]
/// </code></example>
public sealed class SentenceEncoder : IDisposable
{
    private const string ModulesFile = "modules.json";
    private const string LimitsFile = "sentence_bert_config.json";
    private const string MaxLengthKey = "max_seq_length";
    private const string LowerCaseKey = "do_lower_case";
    private const string PoolingFolder = "1_Pooling";

    private readonly List<DenseModule> _dense = [];
    private readonly int? _maxLength;

    private SentenceEncoder(BaseModel model, SentencePooling pooling, bool normalises, ModelConfig? limits)
    {
        Model = model;
        Pooling = pooling;
        Normalises = normalises;
        _maxLength = limits?.OptionalInt(MaxLengthKey);
        LowerCases = limits?.Flag(LowerCaseKey, false) ?? false;
    }

    /// <summary>The encoder.</summary>
    public BaseModel Model { get; }

    /// <summary>How tokens become one vector.</summary>
    public SentencePooling Pooling { get; }

    /// <summary>Whether vectors have length 1.</summary>
    public bool Normalises { get; }

    /// <summary>Whether texts are made lower case before the tokenizer sees them.</summary>
    public bool LowerCases { get; }

    /// <summary>The most tokens of a text, special ones included.</summary>
    public int MaxLength => Math.Min(_maxLength ?? int.MaxValue, Model.Encoder.MaxPositions);

    /// <summary>Length of a text's vector.</summary>
    public int Dimension => _dense.Count == 0 ? Model.Encoder.HiddenSize : _dense[^1].Outputs;

    /// <summary>The parameters of the linear layers after pooling, in their order.</summary>
    public IEnumerable<Parameter> DenseParameters => _dense.SelectMany(module => module.Parameters);

    /// <summary>Builds a sentence encoder over an encoder, which becomes its own.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="pooling">How tokens become one vector.</param>
    /// <param name="normalises">Whether vectors are divided by their length.</param>
    public static SentenceEncoder Over(BaseModel model, SentencePooling pooling = SentencePooling.Mean, bool normalises = false) =>
        new(model, pooling, normalises, limits: null);

    /// <summary>Whether a folder holds a model of sentence-transformers.</summary>
    public static bool IsAt(string folder) => File.Exists(Path.Combine(folder, ModulesFile));

    /// <summary>
    /// The most tokens of a text that the files of sentence-transformers name, or null where they name none. Loads no model.
    /// </summary>
    /// <exception cref="AteneaException">The files are malformed (ATN0409, ATN0410).</exception>
    public static int? MaxLengthOf(string folder)
    {
        (string Type, string Folder)[] modules = IsAt(folder) ? ReadModules(Path.Combine(folder, ModulesFile), folder) : [];
        return LimitsIn(modules.Length > 0 ? modules[0].Folder : folder)?.OptionalInt(MaxLengthKey);
    }

    /// <summary>Loads a model folder.</summary>
    /// <exception cref="AteneaException">
    /// Files are missing or malformed (ATN04xx), the modules are none that are built here (ATN0503), or the encoder cannot be loaded
    /// (ATN05xx).
    /// </exception>
    public static SentenceEncoder Load(string folder)
    {
        string path = Path.Combine(folder, ModulesFile);
        (string Type, string Folder)[] modules = IsAt(folder) ? ReadModules(path, folder) : [("Transformer", folder), ("Pooling", "")];
        if (modules is not [("Transformer", _), ("Pooling", _), ..]) throw Unsupported(modules, path);
        string encoder = modules[0].Folder, pooling = modules[1].Folder;
        SentencePooling mode = pooling.Length == 0 ? SentencePooling.Mean : SentencePoolings.Read(ModelConfig.Load(pooling));
        bool normalises = modules[^1].Type == "Normalize";
        (string Type, string Folder)[] between = modules[2..(normalises ? ^1 : ^0)];
        if (between.Any(module => module.Type != "Dense")) throw Unsupported(modules, path);

        BaseModel model = ModelLoader.Load<BaseModel>(encoder);
        SentenceEncoder? loaded = null;
        try
        {
            loaded = new SentenceEncoder(model, mode, normalises, LimitsIn(encoder));
            foreach ((_, string at) in between)
            {
                int expected = loaded.Dimension;
                loaded._dense.Add(DenseModule.Load(at));
                if (loaded._dense[^1].Inputs != expected)
                {
                    throw new AteneaException(Catalogue.WeightShapeMismatch,
                        $"it takes vectors of length {loaded._dense[^1].Inputs}, those before it have {expected}", at);
                }
            }

            return loaded;
        }
        catch
        {
            if (loaded is null) model.Dispose();
            else loaded.Dispose();
            throw;
        }
    }

    /// <summary>One vector per sequence, [sequences, <see cref="Dimension"/>].</summary>
    /// <param name="pass">The pass; its tape has begun a step.</param>
    /// <exception cref="AteneaException">A sequence is too long (ATN0506), an id outside the vocabulary (ATN0603).</exception>
    public Tensor Forward(ForwardPass pass)
    {
        Tensor vectors = SentencePoolings.Run(Pooling, pass, Model.Encoder);
        foreach (DenseModule module in _dense) vectors = module.Forward(pass, vectors);
        return Normalises ? pass.Tape.NormaliseRows(vectors) : vectors;
    }

    /// <summary>Writes the folder as sentence-transformers lays it out. Tokenizer files are the caller's to copy.</summary>
    /// <param name="folder">Created if missing.</param>
    /// <exception cref="AteneaException">A file cannot be written (ATN0403).</exception>
    public void Save(string folder)
    {
        Model.Save(folder);
        var modules = new JsonArray(Entry("Transformer", ""), Entry("Pooling", PoolingFolder));
        string pooling = Path.Combine(folder, PoolingFolder);
        SentencePoolings.Write(Pooling, Model.Encoder.HiddenSize, pooling).Save(pooling);
        foreach (DenseModule module in _dense)
        {
            string name = $"{modules.Count}_Dense";
            modules.Add((JsonNode)Entry("Dense", name));
            module.Save(Path.Combine(folder, name));
        }

        if (Normalises) modules.Add((JsonNode)Entry("Normalize", $"{modules.Count}_Normalize"));
        for (int i = 0; i < modules.Count; i++)
        {
            modules[i]!["idx"] = i;
            modules[i]!["name"] = $"{i}";
        }

        string text = modules.ToJsonString(new() { WriteIndented = true, NewLine = "\n" });
        AtomicFile.WriteText(Path.Combine(folder, ModulesFile), text + "\n");
        ModelConfig limits = ModelConfig.Parse("{}", folder);
        limits.Set(MaxLengthKey, _maxLength);
        limits.Set(LowerCaseKey, LowerCases);
        AtomicFile.WriteText(Path.Combine(folder, LimitsFile), limits.ToText());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Model.Dispose();
        foreach (DenseModule module in _dense) module.Dispose();
    }

    private static ModelConfig? LimitsIn(string folder)
    {
        string path = Path.Combine(folder, LimitsFile);
        return File.Exists(path) ? ModelConfig.Load(path) : null;
    }

    private static JsonObject Entry(string type, string path) =>
        new() { ["idx"] = 0, ["name"] = "", ["path"] = path, ["type"] = $"sentence_transformers.models.{type}" };

    private static (string Type, string Folder)[] ReadModules(string path, string folder)
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(FileErrors.ReadText(path));
        }
        catch (System.Text.Json.JsonException cause)
        {
            throw new AteneaException(Catalogue.ConfigMalformed, cause.Message, path, inner: cause);
        }

        if (root is not JsonArray list) throw new AteneaException(Catalogue.ConfigMalformed, "not a JSON list", path);
        return [.. list.Select((node, i) => Module(node, i, path, folder))];
    }

    private static (string Type, string Folder) Module(JsonNode? node, int index, string path, string folder)
    {
        if (node is JsonObject entry && entry["type"] is JsonValue type && entry["path"] is JsonValue place
            && type.TryGetValue(out string? name) && place.TryGetValue(out string? inside))
        {
            // A path out of the folder is no path of a module.
            string full = Path.GetFullPath(Path.Combine(folder, inside)), root = Path.GetFullPath(folder);
            if (full.StartsWith(root, StringComparison.Ordinal)) return (name[(name.LastIndexOf('.') + 1)..], full);
        }

        throw new AteneaException(Catalogue.ConfigValueInvalid,
            "expected an object with the type and the path of a module inside the folder", $"{path}: entry {index}");
    }

    private static AteneaException Unsupported((string Type, string Folder)[] modules, string path)
    {
        string found = string.Join(", ", modules.Select(module => module.Type));
        return new AteneaException(Catalogue.ModelSettingUnsupported,
            $"the modules {found}; built here are Transformer, Pooling, Dense and Normalize, in this order", path);
    }
}

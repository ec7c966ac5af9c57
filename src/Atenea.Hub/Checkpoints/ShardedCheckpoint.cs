using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// A checkpoint in several files and the index that says which tensor lies where: <c>model.safetensors.index.json</c> or
/// <c>pytorch_model.bin.index.json</c>, whose <c>weight_map</c> goes from names to files beside it.
/// </summary>
internal sealed class ShardedCheckpoint : ITensorSource
{
    private const string WeightMap = "weight_map";

    private readonly Dictionary<string, ITensorSource> _shards = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (TensorInfo Info, ITensorSource Shard)> _tensors = new(StringComparer.Ordinal);
    private readonly TensorInfo[] _contents;

    /// <summary>Opens the index and every shard.</summary>
    /// <param name="path">The index.</param>
    /// <param name="openShard">Opens one shard.</param>
    /// <exception cref="AteneaException">
    /// The index is malformed (ATN0483), names files elsewhere (ATN0484) or that are not there (ATN0485), or a tensor that its shard does
    /// not hold (ATN0408); or a shard cannot be read, as its own kind of file says.
    /// </exception>
    public ShardedCheckpoint(string path, Func<string, ITensorSource> openShard)
    {
        Path = path;
        try
        {
            Dictionary<string, string> files = ReadIndex();
            string folder = System.IO.Path.GetDirectoryName(path)!;
            foreach (string file in files.Values.Distinct(StringComparer.Ordinal)) _shards.Add(file, openShard(FindShard(folder, file)));
            foreach ((string file, ITensorSource shard) in _shards) AddContents(files, file, shard);
            if (files.Keys.FirstOrDefault(name => !_tensors.ContainsKey(name)) is { } lost)
                throw new AteneaException(Catalogue.TensorMissing, $"'{lost}' is not in '{files[lost]}', where the index has it", path);
        }
        catch
        {
            Dispose();
            throw;
        }

        _contents = [.. _tensors.Values.Select(tensor => tensor.Info)];
    }

    /// <inheritdoc/>
    public string Path { get; }

    /// <inheritdoc/>
    public IReadOnlyCollection<TensorInfo> Contents => _contents;

    /// <inheritdoc/>
    public TensorInfo Info(string name) => _tensors.Find(name, Path).Info;

    /// <inheritdoc/>
    public void CopyTo(string name, long start, Span<float> destination) =>
        _tensors.Find(name, Path).Shard.CopyTo(name, start, destination);

    /// <summary>Closes every shard.</summary>
    public void Dispose()
    {
        foreach (ITensorSource shard in _shards.Values) shard.Dispose();
    }

    private Dictionary<string, string> ReadIndex()
    {
        JsonNode? root;
        try
        {
            root = JsonNode.Parse(FileErrors.ReadText(Path), documentOptions: new JsonDocumentOptions { AllowDuplicateProperties = false });
        }
        catch (JsonException e)
        {
            throw new AteneaException(Catalogue.ShardIndexMalformed, e.Message, Path, inner: e);
        }

        if ((root as JsonObject)?[WeightMap] is not JsonObject { Count: > 0 } map)
            throw new AteneaException(Catalogue.ShardIndexMalformed, $"it has no '{WeightMap}' from names to files", Path);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach ((string name, JsonNode? value) in map)
        {
            if (value is not JsonValue || value.GetValueKind() != JsonValueKind.String)
            {
                throw new AteneaException(Catalogue.ShardIndexMalformed,
                    $"the file of '{name}' is {value?.ToJsonString() ?? "null"}, expected a name", Path);
            }

            files.Add(name, value.GetValue<string>());
        }

        return files;
    }

    /// <summary>A shard is a file beside its index. Any other name could lead to files that the user never meant to open.</summary>
    private string FindShard(string folder, string file)
    {
        bool plain = file.Length > 0 && file is not ("." or "..") && !file.AsSpan().ContainsAny('/', '\\', ':')
            && !file.Any(char.IsControl);
        if (!plain) throw new AteneaException(Catalogue.ShardOutsideFolder, $"'{Unpickler.Printable(file)}'", Path);
        string path = System.IO.Path.Combine(folder, file);
        return File.Exists(path) ? path : throw new AteneaException(Catalogue.ShardMissing, $"'{file}'", Path);
    }

    /// <summary>
    /// Takes what the index places in this shard, and what it does not mention: loading reports that like any other surplus.
    /// </summary>
    private void AddContents(Dictionary<string, string> files, string file, ITensorSource shard)
    {
        foreach (TensorInfo info in shard.Contents)
        {
            if (!files.TryGetValue(info.Name, out string? owner)) _tensors.TryAdd(info.Name, (info, shard));
            else if (owner == file) _tensors.Add(info.Name, (info, shard));
        }
    }
}

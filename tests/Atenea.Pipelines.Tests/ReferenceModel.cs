using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Pipelines.Tests;

/// <summary>A model of the reference data in a folder of its own, with its tokenizer, and the answers expected of it.</summary>
internal sealed class ReferenceModel : IDisposable
{
    public ReferenceModel(string name)
    {
        Folder = Directory.CreateTempSubdirectory("atenea-pipeline-").FullName;
        string expected = Need(name + ".json");
        Copy(Need(name), "config.json", "model.safetensors");
        Copy(ModelLocator.EmbeddedFolder()!, "tokenizer.json", "tokenizer_config.json", "vocab.txt");
        Expected = JsonDocument.Parse(File.ReadAllText(expected)).RootElement;
    }

    public string Folder { get; }

    public JsonElement Expected { get; }

    public IReadOnlyList<TextInput> Texts => [.. Expected.GetProperty("texts").EnumerateArray().Select(t => new TextInput(t.GetString()!))];

    public void Dispose() => Directory.Delete(Folder, recursive: true);

    private static string Need(string name) => References.Need(["pipelines", name], [name]);

    private void Copy(string from, params string[] files)
    {
        foreach (string file in files) File.Copy(Path.Combine(from, file), Path.Combine(Folder, file));
    }
}

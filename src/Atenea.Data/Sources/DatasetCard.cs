using System.Globalization;
using Atenea.Errors;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Atenea.Data;

/// <summary>
/// What the README of a dataset repository says in its YAML head: its configurations with the files of their splits, and the names of
/// classes.
/// Source: https://huggingface.co/docs/hub/datasets-manual-configuration
/// </summary>
internal sealed class DatasetCard
{
    private const string Fence = "---";

    private readonly Dictionary<string, Dictionary<string, IReadOnlyList<string>>> _classNames = new(StringComparer.Ordinal);

    /// <summary>The configurations that name files, in their order.</summary>
    public List<DatasetConfiguration> Configurations { get; } = [];

    /// <summary>Reads the README of a folder; a folder without one, or one without a head, has an empty card.</summary>
    /// <exception cref="AteneaException">The head is not YAML (ATN0202).</exception>
    public static DatasetCard Read(string folder)
    {
        var card = new DatasetCard();
        string path = Path.Combine(folder, "README.md");
        if (!File.Exists(path)) return card;
        string[] lines = Atenea.Hub.FileErrors.ReadText(path).Split('\n');
        if (lines[0].TrimEnd() != Fence) return card;
        string head = string.Join('\n', lines.Skip(1).TakeWhile(l => l.TrimEnd() != Fence));
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(head));
            if (yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is YamlMappingNode root) card.Take(root);
        }
        catch (YamlException e)
        {
            throw new AteneaException(Catalogue.DataFileMalformed, $"the head is not YAML: {e.Message}",
                $"{path}: line {(e.Start.Line + 1).ToString(CultureInfo.InvariantCulture)}", inner: e);
        }

        return card;
    }

    /// <summary>The class names of a configuration's columns.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> ClassNames(string? configuration) =>
        configuration is not null && _classNames.TryGetValue(configuration, out Dictionary<string, IReadOnlyList<string>>? named) ? named
            : _classNames.Count == 1 ? _classNames.Values.First() : new Dictionary<string, IReadOnlyList<string>>();

    private void Take(YamlMappingNode root)
    {
        foreach (YamlMappingNode configuration in Items(Child(root, "configs")))
            Configurations.Add(DatasetConfiguration.Read(configuration));
        foreach (YamlMappingNode info in Items(Child(root, "dataset_info")))
        {
            var names = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (YamlMappingNode feature in Items(Child(info, "features")))
            {
                if (Text(feature, "name") is { } column && FindClassNames(feature) is { } classes) names[column] = classes;
            }

            _classNames[Text(info, "config_name") ?? "default"] = names;
        }
    }

    /// <summary>The names below class_label, however deep in lists it lies.</summary>
    private static string[]? FindClassNames(YamlNode node)
    {
        if (node is not YamlMappingNode mapping) return null;
        if (Child(mapping, "class_label") is YamlMappingNode label && Child(label, "names") is { } names)
        {
            return names switch
            {
                YamlMappingNode numbered => [.. numbered.Children
                    .OrderBy(c => int.TryParse(c.Key.ToString(), out int id) ? id : int.MaxValue).Select(c => c.Value.ToString())],
                YamlSequenceNode listed => [.. listed.Children.Select(c => c.ToString())],
                _ => null,
            };
        }

        foreach (string key in new[] { "dtype", "sequence", "list", "large_list" })
        {
            if (Child(mapping, key) is { } child && FindClassNames(child) is { } found) return found;
        }

        return null;
    }

    /// <summary>The value of a key, or null.</summary>
    internal static YamlNode? Child(YamlMappingNode mapping, string key) =>
        mapping.Children.TryGetValue(new YamlScalarNode(key), out YamlNode? node) ? node : null;

    /// <summary>The text of a key, or null.</summary>
    internal static string? Text(YamlMappingNode mapping, string key) =>
        Child(mapping, key) is YamlScalarNode { Value: { } value } ? value : null;

    /// <summary>The mappings of a list, or the only one.</summary>
    private static IEnumerable<YamlMappingNode> Items(YamlNode? node) => node switch
    {
        YamlSequenceNode list => list.Children.OfType<YamlMappingNode>(),
        YamlMappingNode one => [one],
        _ => [],
    };
}

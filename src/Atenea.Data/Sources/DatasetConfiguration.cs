using YamlDotNet.RepresentationModel;

namespace Atenea.Data;

/// <summary>A configuration of a dataset repository.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">Whether it is taken when none is named.</param>
/// <param name="Folder">The folder in which its files lie; null for the repository's own.</param>
/// <param name="Splits">The file patterns of each split, in their order; empty where the files' names decide.</param>
internal sealed record DatasetConfiguration(
    string Name, bool IsDefault, string? Folder, IReadOnlyList<(string Split, string[] Patterns)> Splits)
{
    private const string OnlySplit = "train";

    /// <summary>Reads an item of <c>configs</c>.</summary>
    public static DatasetConfiguration Read(YamlMappingNode node) => new(
        DatasetCard.Text(node, "config_name") ?? "default",
        string.Equals(DatasetCard.Text(node, "default"), "true", StringComparison.OrdinalIgnoreCase),
        DatasetCard.Text(node, "data_dir"),
        [.. Files(DatasetCard.Child(node, "data_files"))]);

    private static IEnumerable<(string Split, string[] Patterns)> Files(YamlNode? files) => files switch
    {
        YamlScalarNode { Value: { } pattern } => [(OnlySplit, [pattern])],
        YamlSequenceNode list when list.Children.All(c => c is YamlScalarNode) =>
            [(OnlySplit, [.. list.Children.Select(c => c.ToString())])],
        YamlSequenceNode list => list.Children.OfType<YamlMappingNode>()
            .Select(item => (DatasetCard.Text(item, "split") ?? OnlySplit, Patterns(DatasetCard.Child(item, "path")))),
        YamlMappingNode splits => splits.Children.Select(c => (c.Key.ToString(), Patterns(c.Value))),
        _ => [],
    };

    private static string[] Patterns(YamlNode? node) => node switch
    {
        YamlScalarNode { Value: { } pattern } => [pattern],
        YamlSequenceNode list => [.. list.Children.Select(c => c.ToString())],
        _ => [],
    };
}

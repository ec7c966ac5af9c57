namespace Atenea.Training;

/// <summary>
/// All keys of a config, in the order in which they are written. This one table serves reading, checking, dotted overrides, suggestions and
/// the complete config of a run's folder.
/// </summary>
public static class ConfigSchema
{
    /// <summary>The sections, in order, with what they are about.</summary>
    public static IReadOnlyList<(string Name, string Comment)> Sections { get; } =
    [
        (TopKeys.Section.Name, TopKeys.Section.Comment),
        (ModelKeys.Section.Name, ModelKeys.Section.Comment),
        (DataKeys.Section.Name, DataKeys.Section.Comment),
        (TrainingKeys.Section.Name, TrainingKeys.Section.Comment),
    ];

    /// <summary>All keys.</summary>
    public static IReadOnlyList<ConfigKey> Keys { get; } =
        [.. TopKeys.Section.Keys, .. ModelKeys.Section.Keys, .. DataKeys.Section.Keys, .. TrainingKeys.Section.Keys];

    private static readonly Dictionary<string, ConfigKey> ByPath = Keys.ToDictionary(k => k.Path, StringComparer.Ordinal);

    /// <summary>The key of a dotted name, or null.</summary>
    public static ConfigKey? Find(string path) => ByPath.GetValueOrDefault(path);
}

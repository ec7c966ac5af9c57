using Atenea.Errors;
using Atenea.Hub;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Atenea.Training;

/// <summary>
/// Reads a config: YAML, then overrides by dotted name, each key checked the same way, then whether the keys go together.
/// </summary>
public static class ConfigReader
{
    private const string CommandLine = "command line";

    /// <summary>Reads a config from a file.</summary>
    /// <param name="path">The YAML file.</param>
    /// <param name="overrides">Dotted names and values as typed by the user, applied in order; a relative path in them starts at the
    /// working folder.</param>
    /// <exception cref="AteneaException">The file is missing or not YAML, or a key or value is wrong (ATN0401, ATN0402, ATN0110 to
    /// ATN0116).</exception>
    public static RunConfig Read(string path, IEnumerable<KeyValuePair<string, string>>? overrides = null) =>
        Parse(FileErrors.ReadText(path), path, Path.GetDirectoryName(Path.GetFullPath(path))!, overrides);

    /// <summary>Reads a config from text.</summary>
    /// <param name="yaml">The YAML text.</param>
    /// <param name="source">Name of the text for error messages.</param>
    /// <param name="folder">Folder that relative paths in the text start from.</param>
    /// <param name="overrides">As for <see cref="Read"/>.</param>
    /// <exception cref="AteneaException">As for <see cref="Read"/>.</exception>
    public static RunConfig Parse(string yaml, string source, string folder, IEnumerable<KeyValuePair<string, string>>? overrides = null)
    {
        var config = new RunConfig();
        if (Root(yaml, source) is { } root)
        {
            foreach ((YamlNode key, YamlNode value) in root.Children)
                config = ApplyTop(config, KeyName(key, source), value, key, source, folder);
        }

        if (overrides is not null) config = Apply(config, overrides, CommandLine);
        ConfigRules.Check(config, source);
        return config;
    }

    /// <summary>A config with other values of some keys.</summary>
    /// <param name="config">The config.</param>
    /// <param name="keys">Dotted names and values as they are written, applied in order.</param>
    /// <param name="source">Where they come from, for error messages.</param>
    internal static RunConfig Apply(RunConfig config, IEnumerable<KeyValuePair<string, string>> keys, string source)
    {
        foreach ((string name, string text) in keys)
        {
            string where = source == CommandLine ? $"{source}, --{name}" : source;
            config = Apply(config, name, Node(text, where), where, Directory.GetCurrentDirectory());
        }

        return config;
    }

    private static YamlMappingNode? Root(string yaml, string source)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new AteneaException(Catalogue.RunConfigMalformed, e.InnerException?.Message ?? e.Message, $"{source}:{e.Start.Line}",
                inner: e);
        }

        if (stream.Documents.Count > 1)
        {
            throw new AteneaException(Catalogue.RunConfigMalformed, "more than one YAML document",
                $"{source}:{stream.Documents[1].RootNode.Start.Line}");
        }

        return stream.Documents.Count == 0 ? null : stream.Documents[0].RootNode as YamlMappingNode
            ?? throw new AteneaException(Catalogue.RunConfigMalformed, "a config is a mapping of keys to values", $"{source}:1");
    }

    private static string KeyName(YamlNode key, string source) => key is YamlScalarNode { Value: { Length: > 0 } name }
        ? name
        : throw new AteneaException(Catalogue.RunConfigMalformed, "a key is a plain name", $"{source}:{key.Start.Line}");

    private static RunConfig ApplyTop(RunConfig config, string name, YamlNode value, YamlNode key, string source, string folder)
    {
        string where = $"{source}:{key.Start.Line}";
        // A key of the top level, or a dotted name, which files may use too.
        if (!ConfigSchema.Sections.Any(s => s.Name == name)) return Apply(config, name, value, where, folder);
        if (value is YamlScalarNode { Value: null or "" }) return config; // a section whose keys are all commented out
        if (value is not YamlMappingNode section)
        {
            string found = value is YamlScalarNode scalar ? $"'{scalar.Value}'" : "a list";
            throw new AteneaException(Catalogue.ConfigTypeWrong, $"{name} is a section of keys, found {found}", where,
                $"write the keys of {name} below it, indented");
        }

        foreach ((YamlNode childKey, YamlNode childValue) in section.Children)
            config = Apply(config, $"{name}.{KeyName(childKey, source)}", childValue, $"{source}:{childKey.Start.Line}", folder);
        return config;
    }

    private static RunConfig Apply(RunConfig config, string path, YamlNode value, string where, string folder)
    {
        if (ConfigSchema.Find(path) is { } key) return key.Assign(config, new ConfigValue(value, path, where, folder));
        if (ForeignArguments.Explain(path, value) is { } foreign)
        {
            if (foreign.Refused)
                throw new AteneaException(Catalogue.ConfigKeyUnsupported, $"{path}: {foreign.Reason}", where, foreign.Remedy);
            if (foreign.Reason.Length == 0) return config;
            return config with { Notices = [.. config.Notices, $"{path} has no effect: {foreign.Reason} ({where})"] };
        }

        throw new AteneaException(Catalogue.ConfigKeyUnknown, $"'{path}'", where, Nearest(path));
    }

    /// <summary>The nearest key: first among the names of the same section, then that name in other sections, then anything.</summary>
    private static string? Nearest(string path)
    {
        string[] all = [.. ConfigSchema.Keys.Select(k => k.Path)];
        string name = path[(path.LastIndexOf('.') + 1)..];
        if (ConfigSchema.Keys.FirstOrDefault(k => k.Name == name) is { } elsewhere) return $"did you mean '{elsewhere.Path}'?";
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        string section = dot < 0 ? "" : path[..dot];
        ConfigKey[] siblings = [.. ConfigSchema.Keys.Where(k => k.Section == section)];
        return Suggestion.Nearest(name, siblings.Select(k => k.Name)) is [string sibling, ..]
            ? $"did you mean '{siblings.First(k => k.Name == sibling).Path}'?"
            : Suggestion.DidYouMean(path, all);
    }

    /// <summary>A value that stands alone: YAML when it is a list or mapping, else the text itself.</summary>
    private static YamlNode Node(string text, string where)
    {
        if (!text.StartsWith('[') && !text.StartsWith('{')) return new YamlScalarNode(text) { Style = ScalarStyle.Plain };
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents[0].RootNode;
        }
        catch (YamlException e)
        {
            throw new AteneaException(Catalogue.RunConfigMalformed, e.InnerException?.Message ?? e.Message, where, inner: e);
        }
    }
}

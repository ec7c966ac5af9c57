namespace Atenea.Training;

/// <summary>
/// One key of a config: its dotted name, what it takes, what it means, and how it is read from and written to a <see cref="RunConfig"/>.
/// </summary>
public sealed class ConfigKey
{
    private readonly Func<RunConfig, ConfigValue, RunConfig> _assign;
    private readonly Func<RunConfig, string> _format;

    internal ConfigKey(
        string path, string takes, string comment, Func<RunConfig, ConfigValue, RunConfig> assign, Func<RunConfig, string> format)
    {
        Path = path;
        Takes = takes;
        Comment = comment;
        _assign = assign;
        _format = format;
    }

    /// <summary>Dotted name, for example <c>training.learning_rate</c>.</summary>
    public string Path { get; }

    /// <summary>Section before the dot, or empty.</summary>
    public string Section => Path.Contains('.', StringComparison.Ordinal) ? Path[..Path.IndexOf('.', StringComparison.Ordinal)] : "";

    /// <summary>Name after the dot.</summary>
    public string Name => Path[(Path.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>The kind of value it takes, in words.</summary>
    public string Takes { get; }

    /// <summary>What it means, in one line.</summary>
    public string Comment { get; }

    /// <summary>The key's value in a config, as YAML.</summary>
    public string Format(RunConfig config) => _format(config);

    /// <summary>A config with the key's value.</summary>
    internal RunConfig Assign(RunConfig config, ConfigValue value) => _assign(config, value);
}

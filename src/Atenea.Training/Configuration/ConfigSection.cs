namespace Atenea.Training;

/// <summary>
/// A section of a config: its keys in the order in which they are written, and how each is read into its part of the config.
/// </summary>
/// <typeparam name="T">The part of the config.</typeparam>
/// <param name="name">Name of the section; empty for the top level.</param>
/// <param name="comment">What it is about.</param>
/// <param name="part">The part of a config.</param>
/// <param name="replaced">A config with another part.</param>
internal sealed class ConfigSection<T>(string name, string comment, Func<RunConfig, T> part, Func<RunConfig, T, RunConfig> replaced)
{
    private readonly List<ConfigKey> _keys = [];

    /// <summary>Name of the section; empty for the top level.</summary>
    public string Name => name;

    /// <summary>What it is about.</summary>
    public string Comment => comment;

    /// <summary>The keys in their order.</summary>
    public IReadOnlyList<ConfigKey> Keys => _keys;

    /// <summary>Adds a key.</summary>
    /// <param name="key">Its name within the section.</param>
    /// <param name="takes">The kind of value it takes, in words.</param>
    /// <param name="meaning">What it means, in one line.</param>
    /// <param name="set">The part with the key's value.</param>
    /// <param name="format">The key's value as YAML.</param>
    public ConfigSection<T> Key(string key, string takes, string meaning, Func<T, ConfigValue, T> set, Func<T, string> format)
    {
        string path = name.Length == 0 ? key : $"{name}.{key}";
        _keys.Add(new ConfigKey(path, takes, meaning, (c, v) => replaced(c, set(part(c), v)), c => format(part(c))));
        return this;
    }

    public ConfigSection<T> Text(string key, string meaning, Func<T, string> get, Func<T, string, T> set, bool namedOrFolder = false) =>
        Key(key, "text", meaning, (o, v) => set(o, namedOrFolder ? NameOrFolder(v) : v.Text()), o => Yaml.Text(get(o)));

    public ConfigSection<T> OptionalText(
        string key, string meaning, Func<T, string?> get, Func<T, string?, T> set, bool namedOrFolder = false) =>
        Key(key, "text", meaning, (o, v) => set(o, namedOrFolder && !v.IsNull ? NameOrFolder(v) : v.OptionalText()),
            o => Yaml.Text(get(o)));

    public ConfigSection<T> OptionalFile(string key, string meaning, Func<T, string?> get, Func<T, string?, T> set) =>
        Key(key, "a file", meaning, (o, v) => set(o, v.OptionalPath()), o => Yaml.Text(get(o)));

    public ConfigSection<T> Boolean(string key, string meaning, Func<T, bool> get, Func<T, bool, T> set) =>
        Key(key, "true or false", meaning, (o, v) => set(o, v.Boolean()), o => Yaml.Boolean(get(o)));

    public ConfigSection<T> Integer(string key, int minimum, string meaning, Func<T, int> get, Func<T, int, T> set) =>
        Key(key, "a whole number", meaning, (o, v) => set(o, v.Integer(minimum)), o => Yaml.Integer(get(o)));

    public ConfigSection<T> OptionalInteger(string key, int minimum, string meaning, Func<T, int?> get, Func<T, int?, T> set) =>
        Key(key, "a whole number", meaning, (o, v) => set(o, v.OptionalInteger(minimum)), o => Yaml.Integer(get(o)));

    public ConfigSection<T> Number(string key, string meaning, Func<T, double> get, Func<T, double, T> set,
        double minimum = 0, double maximum = double.PositiveInfinity, bool withMinimum = true, bool withMaximum = true) =>
        Key(key, "a number", meaning, (o, v) => set(o, v.Number(minimum, maximum, withMinimum, withMaximum)), o => Yaml.Number(get(o)));

    /// <summary>A share in [0, 1), or null.</summary>
    public ConfigSection<T> OptionalRate(string key, string meaning, Func<T, double?> get, Func<T, double?, T> set) =>
        Key(key, "a number", meaning, (o, v) => set(o, v.OptionalNumber(0, 1, withMaximum: false)), o => Yaml.Number(get(o)));

    /// <summary>A share in (0, 1) or a whole number of rows, or null.</summary>
    public ConfigSection<T> OptionalSize(string key, string meaning, Func<T, double?> get, Func<T, double?, T> set) =>
        Optional(key, "a share or a number of rows", meaning, get, set);

    public ConfigSection<T> Steps(string key, bool zeroAllowed, string meaning, Func<T, double> get, Func<T, double, T> set) =>
        Key(key, "a number of steps", meaning, (o, v) => set(o, v.Steps(zeroAllowed)), o => Yaml.Number(get(o)));

    public ConfigSection<T> OptionalSteps(string key, string meaning, Func<T, double?> get, Func<T, double?, T> set) =>
        Optional(key, "a number of steps", meaning, get, set);

    public ConfigSection<T> Choice<TChoice>(
        string key, IReadOnlyDictionary<string, TChoice> choices, string meaning, Func<T, TChoice> get, Func<T, TChoice, T> set) =>
        Key(key, OneOf(choices.Keys), meaning, (o, v) => set(o, v.Choice(choices)), o => Yaml.Text(NameOf(choices, get(o))));

    public ConfigSection<T> OptionalChoice(
        string key, IReadOnlyDictionary<string, string> choices, string meaning, Func<T, string?> get, Func<T, string?, T> set) =>
        Key(key, OneOf(choices.Keys), meaning, (o, v) => set(o, v.IsNull ? null : v.Choice(choices)), o => Yaml.Text(get(o)));

    private static string OneOf(IEnumerable<string> names) => "one of " + string.Join(", ", names);

    private static string NameOf<TChoice>(IReadOnlyDictionary<string, TChoice> choices, TChoice value) =>
        choices.First(choice => EqualityComparer<TChoice>.Default.Equals(choice.Value, value)).Key;

    /// <summary>
    /// A hub id such as <c>owner/name</c> looks like a folder; only what begins with a dot is taken from the config's folder.
    /// </summary>
    private static string NameOrFolder(ConfigValue value)
    {
        string text = value.Text();
        return text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal) || text is "." or ".."
            ? Path.GetFullPath(text, value.Folder)
            : text;
    }

    private ConfigSection<T> Optional(string key, string takes, string meaning, Func<T, double?> get, Func<T, double?, T> set) =>
        Key(key, takes, meaning, (o, v) => set(o, v.IsNull ? null : v.Steps(zeroAllowed: false)), o => Yaml.Number(get(o)));
}

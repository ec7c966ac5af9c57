namespace Atenea.Training;

/// <summary>The kinds of keys that <see cref="ConfigSchema"/> is made of: what each accepts and how it is written.</summary>
internal static class ConfigSchemaKinds
{
    public static ConfigKey Text(string path, string comment, Func<RunConfig, string> get, Action<RunConfig, string> set, bool namedOrFolder = false) =>
        new(path, "text", comment, (c, v) => set(c, namedOrFolder ? NameOrFolder(v) : v.Text()), c => Yaml.Text(get(c)));

    public static ConfigKey OptionalText(string path, string comment, Func<RunConfig, string?> get, Action<RunConfig, string?> set,
        bool namedOrFolder = false) =>
        new(path, "text", comment, (c, v) => set(c, namedOrFolder && !v.IsNull ? NameOrFolder(v) : v.OptionalText()), c => Yaml.Text(get(c)));

    public static ConfigKey OptionalFile(string path, string comment, Func<RunConfig, string?> get, Action<RunConfig, string?> set) =>
        new(path, "a file", comment, (c, v) => set(c, v.OptionalPath()), c => Yaml.Text(get(c)));

    public static ConfigKey Boolean(string path, string comment, Func<RunConfig, bool> get, Action<RunConfig, bool> set) =>
        new(path, "true or false", comment, (c, v) => set(c, v.Boolean()), c => Yaml.Boolean(get(c)));

    public static ConfigKey Integer(string path, int minimum, string comment, Func<RunConfig, int> get, Action<RunConfig, int> set) =>
        new(path, "a whole number", comment, (c, v) => set(c, v.Integer(minimum)), c => Yaml.Integer(get(c)));

    public static ConfigKey OptionalInteger(string path, int minimum, string comment, Func<RunConfig, int?> get, Action<RunConfig, int?> set) =>
        new(path, "a whole number", comment, (c, v) => set(c, v.OptionalInteger(minimum)), c => Yaml.Integer(get(c)));

    public static ConfigKey Number(string path, string comment, Func<RunConfig, double> get, Action<RunConfig, double> set,
        double minimum = 0, double maximum = double.PositiveInfinity, bool withMinimum = true, bool withMaximum = true) =>
        new(path, "a number", comment, (c, v) => set(c, v.Number(minimum, maximum, withMinimum, withMaximum)), c => Yaml.Number(get(c)));

    /// <summary>A share in [0, 1), or null.</summary>
    public static ConfigKey OptionalRate(string path, string comment, Func<RunConfig, double?> get, Action<RunConfig, double?> set) =>
        new(path, "a number", comment, (c, v) => set(c, v.OptionalNumber(0, 1, withMaximum: false)), c => Yaml.Number(get(c)));

    /// <summary>A share in (0, 1) or a whole number of rows, or null.</summary>
    public static ConfigKey OptionalSize(string path, string comment, Func<RunConfig, double?> get, Action<RunConfig, double?> set) =>
        new(path, "a share or a number of rows", comment, (c, v) => set(c, v.IsNull ? null : v.Steps(zeroAllowed: false)), c => Yaml.Number(get(c)));

    public static ConfigKey Steps(string path, bool zeroAllowed, string comment, Func<RunConfig, double> get, Action<RunConfig, double> set) =>
        new(path, "a number of steps", comment, (c, v) => set(c, v.Steps(zeroAllowed)), c => Yaml.Number(get(c)));

    public static ConfigKey OptionalSteps(string path, string comment, Func<RunConfig, double?> get, Action<RunConfig, double?> set) =>
        new(path, "a number of steps", comment, (c, v) => set(c, v.IsNull ? null : v.Steps(zeroAllowed: false)), c => Yaml.Number(get(c)));

    public static ConfigKey Choice<T>(string path, IReadOnlyDictionary<string, T> choices, string comment, Func<RunConfig, T> get, Action<RunConfig, T> set) =>
        new(path, "one of " + string.Join(", ", choices.Keys), comment, (c, v) => set(c, v.Choice(choices)), c => Yaml.Text(NameOf(choices, get(c))));

    public static ConfigKey OptionalChoice(string path, IReadOnlyDictionary<string, string> choices, string comment, Func<RunConfig, string?> get, Action<RunConfig, string?> set) =>
        new(path, "one of " + string.Join(", ", choices.Keys), comment, (c, v) => set(c, v.IsNull ? null : v.Choice(choices)), c => Yaml.Text(get(c)));

    private static string NameOf<T>(IReadOnlyDictionary<string, T> choices, T value) =>
        choices.First(choice => EqualityComparer<T>.Default.Equals(choice.Value, value)).Key;

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
}

namespace Atenea.Hub;

/// <summary>The environment variables that huggingface_hub has, with its meanings.</summary>
internal static class HubEnvironment
{
    private static readonly string[] TrueWords = ["1", "ON", "YES", "TRUE"];

    /// <summary>
    /// The folder of everything that belongs to the hub: <c>HF_HOME</c>, else <c>huggingface</c> below <c>XDG_CACHE_HOME</c> or
    /// <c>~/.cache</c>.
    /// </summary>
    public static string Home =>
        FolderOf("HF_HOME") ?? Path.Combine(FolderOf("XDG_CACHE_HOME") ?? Path.Combine(UserHome, ".cache"), "huggingface");

    private static string UserHome => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    /// <summary>A variable's value, or null if it is not set or blank.</summary>
    public static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { } value && !string.IsNullOrWhiteSpace(value) ? value.Trim() : null;

    /// <summary>A variable that names a path, with <c>~</c> replaced.</summary>
    public static string? FolderOf(string name)
    {
        string? value = Variable(name);
        return value == "~" || value?.StartsWith("~/", StringComparison.Ordinal) == true ? UserHome + value[1..] : value;
    }

    /// <summary>Whether a variable is set to 1, on, yes or true.</summary>
    public static bool IsTrue(string name) => Variable(name) is { } value && TrueWords.Contains(value.ToUpperInvariant());
}

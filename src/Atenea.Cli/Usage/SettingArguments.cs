using System.CommandLine;
using Atenea.Errors;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>
/// Takes the settings out of a command line: options with a dotted name (<c>--training.seed 1</c>), and those of a config's top level
/// (<c>--model X</c>). Their values pass on as they were typed; what they may be is the config's business.
/// </summary>
internal static class SettingArguments
{
    /// <summary>Splits a command line.</summary>
    /// <param name="args">All arguments after the program's name.</param>
    /// <param name="root">The commands, for their own options.</param>
    /// <returns>The arguments without the settings, and the settings in their order; none for commands that take none.</returns>
    /// <exception cref="AteneaException">A setting has no value (ATN0103), or is neither an option nor a key of the config
    /// (ATN0101).</exception>
    public static (IReadOnlyList<string> Args, IReadOnlyList<KeyValuePair<string, string>> Settings) Split(
        IReadOnlyList<string> args, RootCommand root)
    {
        string? name = args.FirstOrDefault(a => !a.StartsWith('-'));
        if (root.Subcommands.FirstOrDefault(c => c.Name == name) is not AteneaCommand { TakesSettings: true } command) return (args, []);

        Option[] options = [.. command.Options, .. root.Options];
        var rest = new List<string>();
        var settings = new List<KeyValuePair<string, string>>();
        for (int i = 0; i < args.Count; i++)
        {
            string key = args[i].Split('=', 2)[0];
            if (!key.StartsWith("--", StringComparison.Ordinal) || key.Length == 2)
            {
                rest.Add(args[i]);
                continue;
            }

            bool hasValue = args[i].Length > key.Length;
            if (options.FirstOrDefault(o => o.Name == key || o.Aliases.Contains(key)) is { } option)
            {
                rest.Add(args[i]);
                bool takesValue = option.Arity.MaximumNumberOfValues > 0 && option.ValueType != typeof(bool);
                // The value of an option is no setting, whatever it looks like.
                if (!hasValue && takesValue && i + 1 < args.Count) rest.Add(args[++i]);
                continue;
            }

            RequireKey(key, options, command);
            if (!hasValue && (i + 1 == args.Count || args[i + 1].StartsWith("--", StringComparison.Ordinal)))
                throw new AteneaException(Catalogue.ArgumentWrong, $"'{key}' has no value", $"atenea {command.Name}", $"write {key} VALUE");
            settings.Add(new(key[2..], hasValue ? args[i][(key.Length + 1)..] : args[++i]));
        }

        return (rest, settings);
    }

    // A dotted name is left for the config to judge, which knows its keys' nearest names; without a dot it may be a mistyped option.
    private static void RequireKey(string key, Option[] options, Command command)
    {
        string path = key[2..];
        if (path.Contains('.', StringComparison.Ordinal) || ConfigSchema.Find(path) is not null) return;
        // A key is often remembered without its section: --seed for --training.seed.
        Dictionary<string, string> known = options.ToDictionary(o => o.Name, o => o.Name, StringComparer.Ordinal);
        foreach (ConfigKey each in ConfigSchema.Keys) known.TryAdd($"--{each.Name}", $"--{each.Path}");
        string? near = Suggestion.Nearest(key, known.Keys) is [string best, ..] ? known[best] : null;
        string? remedy = near is null ? null : $"did you mean '{near}'?";
        throw new AteneaException(Catalogue.OptionUnknown, $"'{key}'", $"atenea {command.Name}", remedy);
    }
}

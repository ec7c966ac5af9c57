using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Atenea.Cli;

/// <summary>Makes options by the kind of their values.</summary>
internal static class OptionOf
{
    /// <summary>A switch.</summary>
    public static Option<bool> Flag(string name, string description) => new(name) { Description = description };

    /// <summary>A text; null where it is not given.</summary>
    public static Option<string?> Text(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName };

    /// <summary>A text that must be given.</summary>
    public static Option<string> RequiredText(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, Required = true };

    /// <summary>A text; <paramref name="usual"/> where it is not given, as the help says.</summary>
    public static Option<string> UsualText(string name, string helpName, string description, string usual) =>
        new(name) { Description = description, HelpName = helpName, DefaultValueFactory = _ => usual };

    /// <summary>Several texts after one another; <see cref="Given"/> tells them.</summary>
    public static Option<string[]> Texts(string name, string helpName, string description) =>
        new(name) { Description = description, HelpName = helpName, AllowMultipleArgumentsPerToken = true };

    /// <summary>The texts of an option; null where it is not given.</summary>
    public static string[]? Given(this ParseResult parse, Option<string[]> option) =>
        parse.GetResult(option) is { Implicit: false } ? parse.GetValue(option) : null;

    /// <summary>A whole number in a range; null where it is not given.</summary>
    public static Option<int?> Number(string name, string description, int least, int most) =>
        new(name) { Description = description, HelpName = "N", CustomParser = result => Parse(result, least, most) };

    /// <summary>A whole number in a range; <paramref name="usual"/> where it is not given, as the help says.</summary>
    public static Option<int> UsualNumber(string name, string description, int least, int most, int usual) => new(name)
    {
        Description = description,
        HelpName = "N",
        DefaultValueFactory = _ => usual,
        CustomParser = result => Parse(result, least, most) ?? usual,
    };

    /// <summary>One of the names of an enumeration, in small letters; null where it is not given.</summary>
    public static Option<T?> Choice<T>(string name, string description)
        where T : struct, Enum
    {
        string[] names = [.. Enum.GetNames<T>().Select(each => each.ToLowerInvariant())];
        return new(name)
        {
            Description = description,
            HelpName = string.Join('|', names),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (names.Contains(text, StringComparer.OrdinalIgnoreCase)) return Enum.Parse<T>(text, ignoreCase: true);
                result.AddError($"{name} takes {string.Join(", ", names)}, found '{text}'");
                return null;
            },
        };
    }

    // A wrong number is an error of the parse.
    private static int? Parse(ArgumentResult result, int least, int most)
    {
        string text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
            return value;
        result.AddError($"{(result.Parent as OptionResult)?.Option.Name} takes a whole number from {least} to {most}, found '{text}'");
        return null;
    }
}

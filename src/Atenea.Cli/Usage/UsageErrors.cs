using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Cli;

/// <summary>Turns what the parser did not understand into coded errors with the nearest right name.</summary>
internal static partial class UsageErrors
{
    /// <summary>Throws the first mistake of a command line, if it has one and does not ask for help.</summary>
    /// <param name="parse">What the parser understood.</param>
    /// <param name="args">The arguments as they were written.</param>
    /// <exception cref="AteneaException">ATN0101 unknown option, ATN0102 unknown command, ATN0103 anything else.</exception>
    public static void ThrowIfAny(ParseResult parse, IReadOnlyList<string> args)
    {
        if (parse.Action?.ClearsParseErrors == true || AsksForHelp(parse)) return;
        Command command = parse.CommandResult.Command;
        string where = FullName(parse.CommandResult);
        // The parser takes a mistyped option for a file or a text wherever one more may stand.
        List<string> known = OptionsOf(parse);
        bool IsUnknown(string arg) => OptionForm().Match(arg) is { Success: true } form && !known.Contains(form.Groups["name"].Value);
        if (command is not RootCommand && args.FirstOrDefault(IsUnknown) is { } mistyped) throw UnknownOption(mistyped, parse, where);
        if (parse.Errors.Count == 0) return;
        foreach (string token in parse.UnmatchedTokens)
        {
            if (token.StartsWith('-')) throw UnknownOption(token, parse, where);
            if (command.Subcommands.Count > 0) throw UnknownCommand(token, command);
        }

        if (parse.UnmatchedTokens is [string first, ..])
            throw new AteneaException(Catalogue.ArgumentWrong, $"'{first}' is one argument too many", where);
        if (command.Subcommands.Count > 0 && parse.Errors.All(e => e.SymbolResult is CommandResult))
            throw new AteneaException(Catalogue.ArgumentWrong, "a command is missing", where, $"one of {CommandsOf(command)}");
        // What is there and wrong comes before what is missing.
        ParseError error = parse.Errors.FirstOrDefault(e => e.SymbolResult is { Tokens.Count: > 0 } and not CommandResult)
            ?? parse.Errors[0];
        throw new AteneaException(Catalogue.ArgumentWrong, error.Message.TrimEnd('.'), where, $"see `{where} --help`");
    }

    private static string FullName(CommandResult result) =>
        result is { Command: not RootCommand, Parent: CommandResult parent } ? $"{FullName(parent)} {result.Command.Name}" : "atenea";

    private static bool AsksForHelp(ParseResult parse) => parse.Tokens.Any(t => t.Value is "--help" or "-h" or "-?");

    private static AteneaException UnknownOption(string token, ParseResult parse, string where)
    {
        string name = token.Split('=', 2)[0];
        string remedy = Suggestion.DidYouMean(name, OptionsOf(parse)) ?? $"see `{where} --help`";
        return new AteneaException(Catalogue.OptionUnknown, $"'{name}'", where, remedy);
    }

    private static List<string> OptionsOf(ParseResult parse)
    {
        var known = new List<string>();
        for (CommandResult? at = parse.CommandResult; at is not null; at = at.Parent as CommandResult)
            known.AddRange(at.Command.Options.Where(o => !o.Hidden && (at == parse.CommandResult || o.Recursive)).Select(o => o.Name));
        return known;
    }

    private static AteneaException UnknownCommand(string token, Command command)
    {
        string? near = Suggestion.DidYouMean(token, command.Subcommands.Select(c => c.Name));
        return new AteneaException(Catalogue.CommandUnknown, $"'{token}'", null, near ?? $"one of {CommandsOf(command)}");
    }

    private static string CommandsOf(Command command) => string.Join(", ", command.Subcommands.Select(c => c.Name));

    // A text that looks like this is written --text=--so.
    [GeneratedRegex("^(?<name>--[a-z][a-z0-9-]*)(=.*)?$", RegexOptions.Singleline)]
    private static partial Regex OptionForm();
}

using System.CommandLine;
using System.CommandLine.Parsing;
using Atenea.Errors;

namespace Atenea.Cli.Usage;

/// <summary>Turns what the parser did not understand into coded errors with the nearest right name.</summary>
internal static class UsageErrors
{
    /// <summary>Throws the first mistake of a command line, if it has one and does not ask for help.</summary>
    /// <exception cref="AteneaException">ATN0101 unknown option, ATN0102 unknown command, ATN0103 anything else.</exception>
    public static void ThrowIfAny(ParseResult parse)
    {
        if (parse.Errors.Count == 0 || parse.Action?.ClearsParseErrors == true || AsksForHelp(parse)) return;
        Command command = parse.CommandResult.Command;
        string where = FullName(parse.CommandResult);
        foreach (string token in parse.UnmatchedTokens)
        {
            if (token.StartsWith('-')) throw UnknownOption(token, parse, where);
            if (command.Subcommands.Count > 0) throw UnknownCommand(token, command);
        }
        if (parse.UnmatchedTokens is [string first, ..]) throw new AteneaException(Catalogue.ArgumentWrong, $"'{first}' is one argument too many", where);
        // What is there and wrong comes before what is missing.
        ParseError error = parse.Errors.FirstOrDefault(e => e.SymbolResult is { Tokens.Count: > 0 } and not CommandResult) ?? parse.Errors[0];
        throw new AteneaException(Catalogue.ArgumentWrong, error.Message.TrimEnd('.'), where, $"see `{where} --help`");
    }

    private static string FullName(CommandResult result) =>
        result is { Command: not RootCommand, Parent: CommandResult parent } ? $"{FullName(parent)} {result.Command.Name}" : "atenea";

    private static bool AsksForHelp(ParseResult parse) => parse.Tokens.Any(t => t.Value is "--help" or "-h" or "-?");

    private static AteneaException UnknownOption(string token, ParseResult parse, string where)
    {
        var known = new List<string>();
        for (CommandResult? at = parse.CommandResult; at is not null; at = at.Parent as CommandResult)
            known.AddRange(at.Command.Options.Where(o => !o.Hidden && (at == parse.CommandResult || o.Recursive)).Select(o => o.Name));
        string name = token.Split('=', 2)[0];
        return new AteneaException(Catalogue.OptionUnknown, $"'{name}'", where, Suggestion.DidYouMean(name, known) ?? $"see `{where} --help`");
    }

    private static AteneaException UnknownCommand(string token, Command command)
    {
        IEnumerable<string> known = command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);
        return new AteneaException(Catalogue.CommandUnknown, $"'{token}'", null,
            Suggestion.DidYouMean(token, known) ?? $"one of {string.Join(", ", known)}");
    }
}

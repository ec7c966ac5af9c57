using System.CommandLine;
using Atenea.Errors;
using Atenea.Pipelines;

namespace Atenea.Cli;

/// <summary>Where texts come from, for commands that answer them: the command line, a file, or standard input.</summary>
/// <param name="command">The command, for messages: <c>atenea predict</c>.</param>
/// <param name="verb">What is done with texts.</param>
internal sealed class TextArguments(string command, string verb)
{
    /// <summary>The option of the texts.</summary>
    public Option<string[]> Texts { get; } = OptionOf.Texts("--text", "TEXT", $"Texts to {verb}");

    /// <summary>The option of the file.</summary>
    public Option<string?> Input { get; } = OptionOf.Text(
        "--input", "FILE", "File of texts: .jsonl, .json, .csv, .tsv, .parquet, or .txt with one text a line");

    /// <summary>The option of the file's column.</summary>
    public Option<string?> Column { get; } = OptionOf.Text(
        "--column", "NAME", "Column of the texts; as the model was trained, or 'text', if left out");

    /// <summary>The texts of the command line, or null where there are none.</summary>
    public string[]? Given(ParseResult parse) => parse.Given(Texts);

    /// <summary>The column of a file that was named; texts that were given have none.</summary>
    public string? NamedColumn(ParseResult parse) => parse.GetValue(Input) is null ? null : parse.GetValue(Column);

    /// <summary>The rows, read as they are needed.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="pair">A second text of the only one that is given, or null.</param>
    /// <exception cref="AteneaException">There are no texts (ATN0103), or both texts and a file (ATN0104).</exception>
    public IEnumerable<TextRow> Rows(ParseResult parse, string? pair = null)
    {
        string[]? given = Given(parse);
        string? file = parse.GetValue(Input);
        if (given is not null && file is not null) throw new AteneaException(Catalogue.OptionConflict, "--text and --input", command);
        if (given is not null) return [.. given.Select(text => TextRow.Of(text, pair))];
        if (file is not null) return TextRow.FromFile(file);
        if (Console.IsInputRedirected) return TextRow.FromLines(Console.OpenStandardInput());
        throw new AteneaException(
            Catalogue.ArgumentWrong, "there is no text", command, "give --text or --input, or pipe texts in, one a line");
    }
}

using System.CommandLine;
using Atenea.Data;

namespace Atenea.Cli;

/// <summary><c>atenea data convert</c>: a file's rows in another format.</summary>
internal static class DataConvertCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string>("FILE") { Description = "A .parquet, .csv, .tsv, .json, .jsonl or .txt file" };
        var output = OptionOf.RequiredText("--output", "FILE", "A .jsonl or .csv file, written as a whole or not at all");
        Option<string[]> columns = DataHeadCommand.Columns();
        var command = new AteneaCommand("convert", "Convert a data file to JSON lines or CSV.",
            "atenea data convert train.parquet --output train.jsonl",
            "atenea data convert train.parquet --output train.csv --columns text label");
        command.Arguments.Add(file);
        command.Options.Add(output);
        command.Options.Add(columns);
        command.SetAction(parse =>
        {
            string target = parse.GetRequiredValue(output);
            long rows = DataConverter.Convert(parse.GetRequiredValue(file), target, parse.Given(columns));
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(new ConvertedData(target, rows), CliJson.Default.ConvertedData);
            else terminal.Output.WriteLine($"{rows} rows in {target}");
        });
        return command;
    }
}

/// <summary>What <c>atenea data convert</c> prints for programs.</summary>
internal sealed record ConvertedData(string Output, long Rows);

using System.CommandLine;
using System.CommandLine.Invocation;
using Atenea.Errors;
using Atenea.Steam;

namespace Atenea.Cli;

/// <summary><c>atenea data pull</c>: a data set of the hub, or reviews of Steam's store.</summary>
internal static class DataPullCommand
{
    private const string Steam = "steam";
    private const int DefaultCount = 1000;

    private static readonly string[] Filters = ["recent", "updated", "all"];
    private static readonly string[] ReviewTypes = ["all", "positive", "negative"];
    private static readonly string[] PurchaseTypes = ["all", "steam", "non_steam_purchase"];

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal, RepositoryCommands repositories)
    {
        var app = OptionOf.Number("--app", "steam: number of the app, as in its page's address", 1, int.MaxValue);
        var count = OptionOf.UsualNumber("--count", "steam: reviews wanted", 1, int.MaxValue, usual: DefaultCount);
        var output = OptionOf.Text("--output", "FILE", "steam: the CSV file; a further run goes on with it");
        var language = OptionOf.UsualText("--language", "NAME", "steam: english, spanish, ... or all", usual: "all");
        Option<string> filter = Choice("--filter", "steam: order", "recent", Filters);
        Option<string> reviewType = Choice("--review-type", "steam: which reviews", "all", ReviewTypes);
        Option<string> purchaseType = Choice("--purchase-type", "steam: of whom", "all", PurchaseTypes);
        Option[] options = [app, count, output, language, filter, reviewType, purchaseType];

        Command command = repositories.CreatePull(
            "atenea data pull steam --app 322170 --count 20000 --language spanish --output reviews.csv");
        foreach (Option option in options) command.Options.Add(option);
        var ofHub = (SynchronousCommandLineAction)command.Action!;
        command.SetAction(parse =>
        {
            if (parse.GetRequiredValue<string>(RepositoryCommands.DatasetName) != Steam)
            {
                if (options.FirstOrDefault(o => parse.GetResult(o) is { Implicit: false }) is { } wrong)
                {
                    throw new AteneaException(Catalogue.OptionConflict,
                        $"{wrong.Name} and a data set of the hub", "atenea data pull", $"{wrong.Name} is for `atenea data pull {Steam}`");
                }

                return ofHub.Invoke(parse);
            }

            var query = new SteamQuery(parse.GetValue(app) ?? throw Missing("--app", "the number in the address of the app's page"))
            {
                Language = parse.GetRequiredValue(language),
                Filter = Chosen(parse.GetRequiredValue(filter), filter.Name, Filters),
                ReviewType = Chosen(parse.GetRequiredValue(reviewType), reviewType.Name, ReviewTypes),
                PurchaseType = Chosen(parse.GetRequiredValue(purchaseType), purchaseType.Name, PurchaseTypes),
            };
            string target = parse.GetValue(output) ?? throw Missing("--output", "the CSV file to write");
            return Pull(query, parse.GetValue(count), target, parse.GetValue(CommonOptions.Json), terminal);
        });
        return command;
    }

    private static int Pull(SteamQuery query, int count, string output, bool json, Terminal terminal)
    {
        using var status = new StatusLine(terminal);
        using var interruption = new Interruption(() => { });
        using var reviews = new SteamReviews(notice: text =>
        {
            status.Clear();
            terminal.Error.WriteLine("note: " + text);
        });
        SteamDownload done;
        try
        {
            done = reviews.DownloadAsync(query, count, output, rows =>
            {
                if (status.IsDue) status.Show($"{rows}/{count} reviews");
            }, interruption.Token).GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            status.Clear();
            terminal.Error.WriteLine("stopped; run the same again to go on");
            return Application.Interrupted;
        }

        status.Clear();
        if (json)
        {
            var written = new DownloadedReviews(output, done.Rows, done.NewRows, done.IsExhausted);
            terminal.WriteJson(written, CliJson.Default.DownloadedReviews);
            return 0;
        }

        string end = done.Rows < count ? "; the store has no more" : "";
        terminal.Output.WriteLine($"{done.Rows} reviews in {output}, {done.NewRows} of them new{end}");
        return 0;
    }

    private static Option<string> Choice(string name, string description, string usual, string[] known) =>
        OptionOf.UsualText(name, "WORD", $"{description}: {string.Join(", ", known)}", usual);

    private static string Chosen(string value, string name, string[] known) => known.Contains(value)
        ? value
        : throw new AteneaException(Catalogue.ArgumentWrong, $"{name} '{value}'", "atenea data pull", $"one of {string.Join(", ", known)}");

    private static AteneaException Missing(string name, string what) =>
        new(Catalogue.ArgumentWrong, $"there is no {name}", $"atenea data pull {Steam}", $"give {name}, {what}");
}

/// <summary>What <c>atenea data pull steam</c> prints for programs.</summary>
internal sealed record DownloadedReviews(string Output, long Rows, long NewRows, bool IsExhausted);

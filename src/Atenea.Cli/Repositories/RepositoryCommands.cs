using System.CommandLine;
using System.Globalization;
using Atenea.Errors;
using Atenea.Hub;
using Spectre.Console;
using Values = Atenea.Reports.Values;

namespace Atenea.Cli;

/// <summary>What <c>atenea model</c> and <c>atenea data</c> have in common: pull, list, remove, search.</summary>
/// <param name="terminal">Where they write.</param>
/// <param name="kind">Models or data sets.</param>
/// <param name="group">Name of the group, <c>model</c> or <c>data</c>.</param>
/// <param name="example">A repository for the examples.</param>
internal sealed class RepositoryCommands(Terminal terminal, RepositoryKind kind, string group, string example)
{
    /// <summary>Name of the argument that names a data set.</summary>
    public const string DatasetName = "DATASET";

    private const string ModelName = "MODEL";
    private const int MostLines = 10_000;
    private const int CommitShown = 12;

    private static readonly Dictionary<string, SearchOrder> Orders = new(StringComparer.Ordinal)
    {
        ["downloads"] = SearchOrder.Downloads,
        ["likes"] = SearchOrder.Likes,
        ["trending"] = SearchOrder.Trending,
        ["created"] = SearchOrder.Created,
        ["modified"] = SearchOrder.Modified,
    };

    private string Noun => kind == RepositoryKind.Model ? "model" : "data set";

    /// <summary>Downloads into the cache.</summary>
    /// <param name="moreExamples">Further examples for its help.</param>
    public Command CreatePull(params string[] moreExamples)
    {
        Argument<string> id = Repository();
        Option<string?> revision = Revision();
        Option<string[]> include =
            OptionOf.Texts("--include", "PATTERN", "Only files that match one of these patterns (* also matches slashes)");
        Option<string[]> exclude = OptionOf.Texts("--exclude", "PATTERN", "Not these files");
        var all = OptionOf.Flag("--all", "Every file, also those that Atenea cannot use");
        var command = new AteneaCommand("pull", $"Download a {Noun} into the Hugging Face cache; what is there already is kept.",
            [$"atenea {group} pull {example}", $"atenea {group} pull {example} --revision main --include \"*.json\"", .. moreExamples]);
        command.Arguments.Add(id);
        command.AddOptions(revision, include, exclude, all);
        command.SetAction(parse =>
        {
            string[]? included = parse.Given(include);
            if (parse.GetValue(all) && included is not null)
                throw new AteneaException(Catalogue.OptionConflict, "--all and --include", $"atenea {group} pull");
            (string name, string? at) = HubSnapshots.SplitRevision(parse.GetRequiredValue(id), parse.GetValue(revision));
            var request = new SnapshotRequest(kind, name)
            {
                Revision = at ?? "main",
                Include = included,
                Exclude = parse.GetValue(exclude) ?? [],
                Everything = parse.GetValue(all),
            };
            return Pull(request, parse.GetValue(CommonOptions.Json));
        });
        return command;
    }

    /// <summary>Lists the cache.</summary>
    public Command CreateList()
    {
        var command = new AteneaCommand("list", $"List the {Noun}s of the Hugging Face cache.", $"atenea {group} list");
        command.SetAction(parse =>
        {
            var cache = HubCache.FromEnvironment();
            IReadOnlyList<CachedRepository> found = cache.Inventory(kind);
            if (!parse.GetValue(CommonOptions.Json))
            {
                WriteList(cache, found);
                return;
            }

            CachedFolder[] folders =
                [.. found.Select(r => new CachedFolder(r.Id, r.Folder, r.Bytes, r.IncompleteBytes, r.Modified, r.Revisions))];
            terminal.WriteJson(
                new CachedRepositories(cache.Root, found.Sum(r => r.Bytes), folders), CliJson.Default.CachedRepositories);
        });
        return command;
    }

    /// <summary>Deletes from the cache.</summary>
    public Command CreateRemove()
    {
        Argument<string> id = Repository();
        Option<string?> revision = Revision();
        var command = new AteneaCommand("remove", $"Delete a {Noun}, or one of its revisions, from the Hugging Face cache.",
            $"atenea {group} remove {example}", $"atenea {group} remove {example} --revision main");
        command.Arguments.Add(id);
        command.Options.Add(revision);
        command.SetAction(parse =>
        {
            (string name, string? at) = HubSnapshots.SplitRevision(parse.GetRequiredValue(id), parse.GetValue(revision));
            long bytes = HubCache.FromEnvironment().Remove(kind, name, at);
            if (parse.GetValue(CommonOptions.Json))
                terminal.WriteJson(new RemovedRepository(name, at, bytes), CliJson.Default.RemovedRepository);
            else terminal.Output.WriteLine($"removed {name}{(at is null ? "" : $" at {at}")}: {Values.Bytes(bytes)}");
        });
        return command;
    }

    /// <summary>Searches the hub.</summary>
    public Command CreateSearch()
    {
        var text = new Argument<string?>("TEXT") { Arity = ArgumentArity.ZeroOrOne, Description = "Words of the name; all if left out" };
        var author = OptionOf.Text("--author", "NAME", "Only of this user or organisation");
        var task = OptionOf.Text("--task", "TASK", "Only for this task, for example text-classification");
        Option<string[]> tags = OptionOf.Texts("--tag", "TAG", "Only with all of these tags: a language, a library, license:mit");
        var sort = OptionOf.UsualText("--sort", "BY", "Order: " + string.Join(", ", Orders.Keys), usual: "downloads");
        var limit = OptionOf.UsualNumber("--limit", "At most so many", 1, MostLines, usual: 20);
        var command = new AteneaCommand("search", $"Search the hub for {Noun}s: downloads of the last month, likes, licence, task, dates.",
            $"atenea {group} search --task text-classification --tag es --sort likes", $"atenea {group} search emotion --limit 5 --json");
        command.Arguments.Add(text);
        command.AddOptions(author, task, tags, sort, limit);
        command.SetAction(parse =>
        {
            string order = parse.GetRequiredValue(sort);
            var query = new SearchQuery(kind)
            {
                Text = parse.GetValue(text),
                Author = parse.GetValue(author),
                Task = parse.GetValue(task),
                Tags = parse.GetValue(tags) ?? [],
                Order = Orders.TryGetValue(order, out SearchOrder known)
                    ? known
                    : throw new AteneaException(Catalogue.ArgumentWrong,
                        $"--sort '{order}'", $"atenea {group} search", $"one of {string.Join(", ", Orders.Keys)}"),
                Limit = parse.GetValue(limit),
            };
            using HubClient hub = OpenHub(out DownloadDisplay display);
            using DownloadDisplay shown = display;
            IReadOnlyList<RepositorySummary> found = Wait(hub.SearchAsync(query));
            if (parse.GetValue(CommonOptions.Json)) terminal.WriteJson(found, CliJson.Default.IReadOnlyListRepositorySummary);
            else WriteSearch(found);
        });
        return command;
    }

    private int Pull(SnapshotRequest request, bool json)
    {
        using HubClient hub = OpenHub(out DownloadDisplay display);
        using DownloadDisplay shown = display;
        using var interruption = new Interruption(() => { });
        DownloadedSnapshot snapshot;
        try
        {
            snapshot = Wait(hub.DownloadAsync(request, interruption.Token));
        }
        catch (OperationCanceledException)
        {
            display.Dispose();
            terminal.Error.WriteLine("stopped; run the same again to go on");
            return Application.Interrupted;
        }

        display.Dispose();
        if (json)
        {
            var downloaded = new DownloadedRepository(
                snapshot.Id,
                request.Revision,
                snapshot.Commit,
                snapshot.Folder,
                snapshot.DownloadedFiles,
                snapshot.DownloadedBytes,
                [.. snapshot.Files.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new DownloadedFile(f.Key, f.Value))]);
            terminal.WriteJson(downloaded, CliJson.Default.DownloadedRepository);
            return 0;
        }

        terminal.Output.WriteLine($"{snapshot.Id} at {snapshot.Commit}");
        string size = Values.Bytes(snapshot.Files.Values.Sum()), downloadedSize = Values.Bytes(snapshot.DownloadedBytes);
        terminal.Output.WriteLine(snapshot.DownloadedFiles == 0
            ? $"{snapshot.Files.Count} files, all there already ({size})"
            : $"{snapshot.Files.Count} files ({size}), {snapshot.DownloadedFiles} of them downloaded ({downloadedSize})");
        terminal.Output.WriteLine(snapshot.Folder);
        return 0;
    }

    private void WriteList(HubCache cache, IReadOnlyList<CachedRepository> found)
    {
        if (found.Count == 0)
        {
            terminal.Output.WriteLine($"no {Noun}s in {cache.Root}");
            return;
        }

        var table = new Table().Border(TableBorder.Simple).AddColumn(Noun).AddColumn("revision").AddColumn("commit")
            .AddColumn(new TableColumn("files").RightAligned()).AddColumn(new TableColumn("size").RightAligned()).AddColumn("changed");
        foreach (CachedRepository repository in found)
        {
            string id = Markup.Escape(repository.Id), changed = Day(repository.Modified);
            foreach (CachedRevision revision in repository.Revisions)
            {
                string references = Markup.Escape(string.Join(", ", revision.References));
                string commit = revision.Commit[..Math.Min(CommitShown, revision.Commit.Length)];
                table.AddRow(id, references, commit, $"{revision.Files}", Values.Bytes(revision.Bytes), changed);
            }

            if (repository.IncompleteBytes > 0) table.AddRow(id, "", "unfinished", "", Values.Bytes(repository.IncompleteBytes), changed);
            else if (repository.Revisions.Count == 0) table.AddRow(id, "", "no files", "", "", changed);
        }

        terminal.Rich.Write(table);
        terminal.Output.WriteLine($"{Values.Bytes(found.Sum(r => r.Bytes))} in {cache.Root}");
    }

    private void WriteSearch(IReadOnlyList<RepositorySummary> found)
    {
        if (found.Count == 0)
        {
            terminal.Output.WriteLine("nothing found");
            return;
        }

        Table table = new Table().Border(TableBorder.Simple).AddColumn(Noun)
            .AddColumn(new TableColumn("downloads").RightAligned()).AddColumn(new TableColumn("likes").RightAligned())
            .AddColumn("licence").AddColumn("task").AddColumn("created").AddColumn("modified");
        foreach (RepositorySummary each in found)
        {
            table.AddRow(
                Markup.Escape(each.Id) + (each.Gated ? " [dim](gated)[/]" : ""),
                each.Downloads is { } downloads ? Values.Rounded(downloads) : "",
                $"{each.Likes}",
                Markup.Escape(each.License ?? ""),
                Markup.Escape(each.Task ?? ""),
                Day(each.Created),
                Day(each.Modified));
        }

        terminal.Rich.Write(table);
    }

    private HubClient OpenHub(out DownloadDisplay display)
    {
        var settings = HubSettings.FromEnvironment();
        display = new DownloadDisplay(terminal, settings.ShowProgress);
        return new HubClient(settings, display);
    }

    private Argument<string> Repository() => new(kind == RepositoryKind.Model ? ModelName : DatasetName)
    {
        Description = $"Hub id of a {Noun}, 'organisation/name' or 'organisation/name@revision'",
    };

    private static Option<string?> Revision() => OptionOf.Text("--revision", "REVISION", "Branch, tag or commit; main if left out");

    private static string Day(DateTimeOffset? date) => date?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static T Wait<T>(Task<T> task) => task.GetAwaiter().GetResult();
}

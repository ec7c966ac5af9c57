using System.Text;

namespace Atenea.Reports;

/// <summary>A report, described once and shown as a self-contained HTML page and as Markdown.</summary>
/// <example><code>
/// var report = new Report("Run emotion");
/// report.Heading("Result").Paragraph("Best after epoch 2.").Figure(chart);
/// File.WriteAllText("report.html", report.ToHtml());
/// </code></example>
public sealed class Report
{
    private readonly List<(Func<int, string> Html, Func<string> Markdown)> _blocks = [];
    private readonly string _title;

    /// <summary>Starts a report.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="subtitle">A line below it, or null.</param>
    public Report(string title, string? subtitle = null)
    {
        _title = title;
        Subtitle = subtitle;
    }

    /// <summary>The line below the title, if there is one.</summary>
    public string? Subtitle { get; }

    /// <summary>Adds a heading.</summary>
    public Report Heading(string text) => Add($"<h2>{Html.Escape(text)}</h2>\n", $"## {Markdown.Escape(text)}\n");

    /// <summary>Adds a paragraph.</summary>
    public Report Paragraph(string text) => Add($"<p>{Html.Escape(text)}</p>\n", Markdown.Escape(text) + "\n");

    /// <summary>Adds a paragraph that the reader must not miss.</summary>
    public Report Notice(string text) => Add($"<p class=\"notice\">{Html.Escape(text)}</p>\n", $"> {Markdown.Escape(text)}\n");

    /// <summary>Adds a few large figures side by side.</summary>
    public Report Highlights(IReadOnlyList<(string Name, string Value)> figures)
    {
        var html = new StringBuilder("<dl class=\"figures\">\n");
        var text = new StringBuilder();
        foreach ((string name, string value) in figures)
        {
            html.Append($"<div><dt>{Html.Escape(name)}</dt><dd>{Html.Escape(value)}</dd></div>\n");
            text.Append($"- {Markdown.Escape(name)}: **{Markdown.Escape(value)}**\n");
        }

        return Add(html.Append("</dl>\n").ToString(), text.ToString());
    }

    /// <summary>Adds a table.</summary>
    public Report Table(Table table, string? caption = null)
    {
        (string html, string text) = Caption(caption);
        return Add(html + table.ToHtml(), text + table.ToMarkdown());
    }

    /// <summary>
    /// Adds a picture; in HTML its numbers can be unfolded below it, in Markdown they are all there is (and folded away if many).
    /// </summary>
    public Report Figure(Figure figure)
    {
        _blocks.Add((
            index => $"<figure>\n<figcaption>{Html.Escape(figure.Title)}</figcaption>\n{figure.ToSvg($"figure-{index}")}"
                + $"<details><summary>Numbers</summary>\n{figure.ToTable().ToHtml()}</details>\n</figure>\n",
            () => FigureAsText(figure)));
        return this;
    }

    /// <summary>Adds text of fixed width, shown as it is.</summary>
    public Report Preformatted(string text, string? caption = null)
    {
        (string html, string before) = Caption(caption);
        return Add($"{html}{HtmlBlock(text)}\n", before + Fenced(text));
    }

    /// <summary>Adds something long that is folded away until asked for.</summary>
    public Report Folded(string summary, string text)
    {
        string start = $"<details><summary>{Html.Escape(summary)}</summary>\n";
        return Add($"{start}{HtmlBlock(text)}</details>\n", $"{start}\n{Fenced(text)}\n</details>\n");
    }

    /// <summary>The report as one HTML file that needs nothing else.</summary>
    public string ToHtml()
    {
        var body = new StringBuilder();
        for (int i = 0; i < _blocks.Count; i++) body.Append(_blocks[i].Html(i));
        return HtmlPage.Render(_title, Subtitle, body.ToString());
    }

    /// <summary>The report as Markdown.</summary>
    public string ToMarkdown()
    {
        string top = $"# {Markdown.Escape(_title)}\n" + (Subtitle is null ? "" : $"\n{Markdown.Escape(Subtitle)}\n");
        return string.Join("\n", _blocks.Select(b => b.Markdown()).Prepend(top));
    }

    private static (string Html, string Markdown) Caption(string? caption) => caption is null
        ? ("", "")
        : ($"<p class=\"caption\">{Html.Escape(caption)}</p>\n", Markdown.Escape(caption) + "\n\n");

    private static string HtmlBlock(string text) => $"<div class=\"wide\"><pre>{Html.Escape(text)}</pre></div>";

    private static string Fenced(string text)
    {
        string fence = text.Contains("```", StringComparison.Ordinal) ? "~~~~" : "```";
        return $"{fence}text\n{text.TrimEnd('\n')}\n{fence}\n";
    }

    private static string FigureAsText(Figure figure)
    {
        const int mostShown = 30;
        Table numbers = figure.ToTable();
        string title = Markdown.Escape(figure.Title);
        if (numbers.Rows.Count <= mostShown) return $"{title}\n\n{numbers.ToMarkdown()}";
        return $"{title}: {Markdown.Escape(figure.Description)}\n\n"
            + $"<details><summary>Numbers</summary>\n\n{numbers.ToMarkdown()}\n</details>\n";
    }

    private Report Add(string html, string markdown)
    {
        _blocks.Add((_ => html, () => markdown));
        return this;
    }
}

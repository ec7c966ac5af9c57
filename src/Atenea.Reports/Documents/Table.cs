using System.Text;

namespace Atenea.Reports;

/// <summary>Which side the cells of a column stand at.</summary>
public enum Alignment
{
    /// <summary>Text.</summary>
    Left,

    /// <summary>Numbers.</summary>
    Right,
}

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Alignment">Side of its cells.</param>
public sealed record Column(string Title, Alignment Alignment = Alignment.Left);

/// <summary>Rows of text cells, shown as HTML or Markdown.</summary>
public sealed class Table
{
    private readonly List<IReadOnlyList<string>> _rows = [];
    private readonly HashSet<int> _marked = [];

    /// <summary>Creates a table without rows.</summary>
    public Table(IReadOnlyList<Column> columns) => Columns = columns;

    /// <summary>The columns.</summary>
    public IReadOnlyList<Column> Columns { get; }

    /// <summary>The rows.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows => _rows;

    /// <summary>Adds a row.</summary>
    /// <param name="cells">As many cells as there are columns.</param>
    /// <param name="marked">Whether to set it off, as the best of its kind.</param>
    public Table Add(IReadOnlyList<string> cells, bool marked = false)
    {
        if (cells.Count != Columns.Count) throw new ArgumentException($"{cells.Count} cells for {Columns.Count} columns", nameof(cells));
        if (marked) _marked.Add(_rows.Count);
        _rows.Add(cells);
        return this;
    }

    /// <summary>The table as HTML.</summary>
    public string ToHtml()
    {
        var html = new StringBuilder("<div class=\"wide\"><table>\n<thead><tr>");
        foreach (Column column in Columns) html.Append($"<th scope=\"col\"{Class(column)}>{Html.Escape(column.Title)}</th>");
        html.Append("</tr></thead>\n<tbody>\n");
        for (int r = 0; r < _rows.Count; r++)
        {
            html.Append(_marked.Contains(r) ? "<tr class=\"best\">" : "<tr>");
            for (int c = 0; c < Columns.Count; c++)
            {
                string cell = $"{Class(Columns[c])}>{Html.Escape(_rows[r][c])}";
                html.Append(c == 0 ? $"<th scope=\"row\"{cell}</th>" : $"<td{cell}</td>");
            }

            html.Append("</tr>\n");
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    /// <summary>The table as GitHub-flavoured Markdown; marked rows are bold.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder("|");
        foreach (Column column in Columns) text.Append(' ').Append(Markdown.Cell(column.Title)).Append(" |");
        text.Append("\n|");
        foreach (Column column in Columns) text.Append(column.Alignment == Alignment.Right ? " ---: |" : " --- |");
        text.Append('\n');
        for (int r = 0; r < _rows.Count; r++)
        {
            text.Append('|');
            foreach (string cell in _rows[r])
            {
                string shown = Markdown.Cell(cell);
                text.Append(' ').Append(_marked.Contains(r) && shown.Length > 0 ? $"**{shown}**" : shown).Append(" |");
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    private static string Class(Column column) => column.Alignment == Alignment.Right ? " class=\"number\"" : "";
}

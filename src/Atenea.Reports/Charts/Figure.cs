namespace Atenea.Reports;

/// <summary>A picture of numbers. It draws itself as SVG, and gives the same numbers as a table for readers of text.</summary>
public abstract class Figure
{
    private protected Figure(string title, string description)
    {
        Title = title;
        Description = description;
    }

    /// <summary>What it shows.</summary>
    public string Title { get; }

    /// <summary>What is to be seen in it, for readers who do not see it.</summary>
    public string Description { get; }

    /// <summary>
    /// The picture, to stand within an HTML page that has the style sheet of reports: colours follow the page's light or dark
    /// scheme.
    /// </summary>
    /// <param name="id">A name unique within the page.</param>
    public abstract string ToSvg(string id);

    /// <summary>The numbers.</summary>
    public abstract Table ToTable();
}

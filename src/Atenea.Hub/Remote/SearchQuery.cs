using System.Globalization;

namespace Atenea.Hub;

/// <summary>The order of a search's lines.</summary>
public enum SearchOrder
{
    /// <summary>Most downloads first.</summary>
    Downloads,

    /// <summary>Most likes first.</summary>
    Likes,

    /// <summary>What is being looked at most first.</summary>
    Trending,

    /// <summary>Newest first.</summary>
    Created,

    /// <summary>Last changed first.</summary>
    Modified,
}

/// <summary>What to search the hub for.</summary>
/// <param name="Kind">Models or data sets.</param>
public sealed record SearchQuery(RepositoryKind Kind)
{
    private const int LargestPage = 1000;

    /// <summary>Words of the name; null for all.</summary>
    public string? Text { get; init; }

    /// <summary>User or organisation.</summary>
    public string? Author { get; init; }

    /// <summary>Pipeline tag of models, task category of data sets.</summary>
    public string? Task { get; init; }

    /// <summary>Further tags, all of which must be there: a language, a library, <c>license:mit</c>.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The order.</summary>
    public SearchOrder Order { get; init; } = SearchOrder.Downloads;

    /// <summary>At most so many lines.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>The query's part of an address.</summary>
    internal string ToQueryString()
    {
        var parts = new List<string>();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value)) parts.Add($"{name}={Uri.EscapeDataString(value)}");
        }

        Add("search", Text);
        Add("author", Author);
        if (Kind == RepositoryKind.Model) Add("pipeline_tag", Task);
        else if (Task is not null) Add("filter", $"task_categories:{Task}");
        foreach (string tag in Tags) Add("filter", tag);
        Add("sort", Order switch
        {
            SearchOrder.Downloads => "downloads",
            SearchOrder.Likes => "likes",
            SearchOrder.Trending => "trendingScore",
            SearchOrder.Created => "createdAt",
            _ => "lastModified",
        });
        Add("direction", "-1");
        Add("limit", Math.Min(Limit, LargestPage).ToString(CultureInfo.InvariantCulture));
        Add("full", "true");
        return string.Join('&', parts);
    }
}

namespace Atenea.Steam;

/// <summary>Which reviews of Steam's store are wanted; the words are those of its public API.</summary>
/// <param name="App">Number of the app, as in the address of its page.</param>
public sealed record SteamQuery(int App)
{
    /// <summary>Language, for example <c>english</c> or <c>spanish</c>; <c>all</c> for every one.</summary>
    public string Language { get; init; } = "all";

    /// <summary>Order: <c>recent</c> by creation, <c>updated</c> by last change, <c>all</c> by helpfulness.</summary>
    public string Filter { get; init; } = "recent";

    /// <summary><c>all</c>, <c>positive</c> or <c>negative</c>.</summary>
    public string ReviewType { get; init; } = "all";

    /// <summary><c>all</c>, <c>steam</c> (bought there) or <c>non_steam_purchase</c>.</summary>
    public string PurchaseType { get; init; } = "all";

    /// <summary>The query's path, for a page.</summary>
    /// <param name="cursor">Where the page begins; <c>*</c> is the first.</param>
    /// <param name="count">Reviews on the page, at most 100.</param>
    internal string Path(string cursor, int count) =>
        $"/appreviews/{App}?json=1&cursor={Escaped(cursor)}&num_per_page={count}&filter={Escaped(Filter)}"
        + $"&language={Escaped(Language)}&review_type={Escaped(ReviewType)}&purchase_type={Escaped(PurchaseType)}";

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}

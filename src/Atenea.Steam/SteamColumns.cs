using System.Globalization;
using System.Text;
using System.Text.Json;
using Atenea.Hub;

namespace Atenea.Steam;

/// <summary>
/// The columns of a file of reviews: number, app, label (1 recommended, 0 not) and text first, then all that the store tells.
/// </summary>
internal static class SteamColumns
{
    private const string AuthorPrefix = "author_";

    private static readonly string[] AuthorFields =
    [
        "steamid", "num_games_owned", "num_reviews", "playtime_forever", "playtime_last_two_weeks", "playtime_at_review",
        "deck_playtime_at_review", "last_played",
    ];

    private static readonly string[] ReviewFields =
    [
        "language", "timestamp_created", "timestamp_updated", "voted_up", "votes_up", "votes_funny", "weighted_vote_score",
        "comment_count", "steam_purchase", "received_for_free", "written_during_early_access", "primarily_steam_deck",
        "hidden_in_steam_china", "steam_china_location", "developer_response", "timestamp_dev_responded",
    ];

    /// <summary>The column that tells reviews apart.</summary>
    public const string Id = "recommendationid";

    /// <summary>The header line, with its line end.</summary>
    public static string Header { get; } = string.Join(',',
        [Id, "app_id", "label", "review", .. ReviewFields, .. AuthorFields.Select(f => AuthorPrefix + f)]) + "\n";

    /// <summary>The number of a review, or null if it has none.</summary>
    public static string? IdOf(JsonElement review) =>
        review.Member(Id) is { } id && id.ToString() is { Length: > 0 } text ? text : null;

    /// <summary>Appends a review as one record.</summary>
    public static void Append(StringBuilder csv, int app, JsonElement review)
    {
        JsonElement author = review.Member("author") ?? default;
        IEnumerable<string> cells =
        [
            IdOf(review)!,
            app.ToString(CultureInfo.InvariantCulture),
            review.Member("voted_up")?.ValueKind == JsonValueKind.True ? "1" : "0",
            review.Text("review") ?? "",
            .. ReviewFields.Select(f => Cell(review.Member(f))),
            .. AuthorFields.Select(f => Cell(author.Member(f))),
        ];
        csv.AppendJoin(',', cells.Select(Quote)).Append('\n');
    }

    private static string Cell(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => "",
        { ValueKind: JsonValueKind.True } => "1",
        { ValueKind: JsonValueKind.False } => "0",
        { } other => other.ToString(),
    };

    /// <summary>A lone carriage return counts as a line end for many readers, so it is quoted as well.</summary>
    private static string Quote(string cell) =>
        cell.AsSpan().IndexOfAny(",\"\n\r") < 0 ? cell : $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}

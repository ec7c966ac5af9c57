using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Steam;

/// <summary>What a download of reviews did.</summary>
/// <param name="Rows">Reviews in the file.</param>
/// <param name="NewRows">Reviews that were added.</param>
/// <param name="IsExhausted">Whether the store has no more of them.</param>
public sealed record SteamDownload(int Rows, int NewRows, bool IsExhausted);

/// <summary>
/// Reads the reviews of an app from the public API of Steam's store, page by page, into a CSV file. The file grows beside its place and is
/// renamed when it is complete; a run that was killed or stopped goes on at its page, and a later run with a larger count adds to the file,
/// without doubles.
/// </summary>
/// <example><code>
/// using var reviews = new SteamReviews();
/// SteamDownload done = await reviews.DownloadAsync(new SteamQuery(322170) { Language = "spanish" }, 20_000, "reviews.csv");
/// </code></example>
public sealed class SteamReviews : IDisposable
{
    /// <summary>The environment variable that names another address than the store's, for a proxy or a test.</summary>
    public const string EndpointVariable = "ATENEA_STEAM_ENDPOINT";

    private const string Store = "https://store.steampowered.com";

    private readonly JsonApi _api;
    private readonly string _endpoint;

    /// <summary>Prepares a reader; opens no connection.</summary>
    /// <param name="retry">How failures are retried; the usual way when left out.</param>
    /// <param name="notice">Told of waits; null for silence.</param>
    /// <param name="endpoint">The store's address; <see cref="EndpointVariable"/> or the store itself when left out.</param>
    public SteamReviews(RetryOptions? retry = null, Action<string>? notice = null, string? endpoint = null)
    {
        _api = new JsonApi(retry ?? new RetryOptions(), notice);
        _endpoint = (endpoint ?? Environment.GetEnvironmentVariable(EndpointVariable) ?? Store).TrimEnd('/');
    }

    /// <summary>Pause between pages, so as not to be a burden.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>Downloads until the file holds so many reviews, or the store has no more.</summary>
    /// <param name="query">Which reviews.</param>
    /// <param name="count">Reviews wanted in the file.</param>
    /// <param name="output">The CSV file.</param>
    /// <param name="progress">Told of the reviews that are there; null for silence.</param>
    /// <param name="cancellation">Ends it; the next run goes on.</param>
    /// <exception cref="AteneaException">
    /// The store fails (ATN0470), the output is of another query (ATN0471), or it cannot be written (ATN0403).
    /// </exception>
    public async Task<SteamDownload> DownloadAsync(
        SteamQuery query, int count, string output, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        SteamFile file = SteamFile.Open(query, output);
        int before = file.Rows;
        bool isExhausted = false;
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        while (file.Rows < count && !isExhausted)
        {
            string cursor = file.Cursor ?? SteamFile.FirstCursor;
            isExhausted = !cursors.Add(cursor); // A cursor that comes back is how the store ends.
            if (isExhausted) break;
            using JsonDocument page = await PageAsync(query, cursor, cancellation).ConfigureAwait(false);
            JsonElement[] reviews = [.. page.RootElement.Items("reviews")];
            string? next = page.RootElement.Text("cursor");
            isExhausted = reviews.Length == 0 || string.IsNullOrEmpty(next);
            file.Add(reviews, count, isExhausted ? null : next!);
            progress?.Invoke(file.Rows);
            if (!isExhausted && file.Rows < count) await Task.Delay(Pause, cancellation).ConfigureAwait(false);
        }

        // The next run that wants more looks for newer ones from the beginning.
        if (isExhausted) file.Add([], count, null);
        file.Complete();
        return new SteamDownload(file.Rows, file.Rows - before, isExhausted);
    }

    /// <inheritdoc/>
    public void Dispose() => _api.Dispose();

    private Task<JsonDocument> PageAsync(SteamQuery query, string cursor, CancellationToken cancellation)
    {
        var address = new Uri(_endpoint + query.Path(cursor, SteamFile.PageSize));
        return _api.GetAsync(address, IsPage, Failed, cancellation);

        AteneaException Failed(string why, Exception? inner) =>
            new(Catalogue.SteamFailed, $"app {query.App}: {why}", address.GetLeftPart(UriPartial.Path), inner: inner);
    }

    /// <summary>"null" and success 2 are how the store says that it is busy.</summary>
    private static bool IsPage(JsonElement answer) =>
        answer.Number("success") == 1 && answer.Member("reviews") is { ValueKind: JsonValueKind.Array };
}

using System.Net;
using System.Text;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

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
    private const string FirstCursor = "*";
    private const int PageSize = 100; // The most that the API gives.
    private const int MostPageBytes = 1 << 26;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Retry _retry;
    private readonly string _endpoint;

    /// <summary>Prepares a reader; opens no connection.</summary>
    /// <param name="retry">How failures are retried; the usual way when left out.</param>
    /// <param name="notice">Told of waits; null for silence.</param>
    /// <param name="endpoint">The store's address; <see cref="EndpointVariable"/> or the store itself when left out.</param>
    public SteamReviews(RetryOptions? retry = null, Action<string>? notice = null, string? endpoint = null)
    {
        _retry = new Retry(retry ?? new RetryOptions(), notice);
        _endpoint = (endpoint ?? Environment.GetEnvironmentVariable(EndpointVariable) ?? Store).TrimEnd('/');
    }

    /// <summary>Longest silence of the server.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

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
    public async Task<SteamDownload> DownloadAsync(SteamQuery query, int count, string output, Action<int>? progress = null, CancellationToken cancellation = default)
    {
        SteamFile file = SteamFile.Open(query, output);
        int before = file.Rows;
        bool isExhausted = false;
        var cursors = new HashSet<string>(StringComparer.Ordinal);
        while (file.Rows < count && !isExhausted)
        {
            string cursor = file.Cursor ?? FirstCursor;
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
    public void Dispose() => _http.Dispose();

    private Task<JsonDocument> PageAsync(SteamQuery query, string cursor, CancellationToken cancellation) => _retry.RunAsync<JsonDocument>(async (_, token) =>
    {
        var address = new Uri(_endpoint + query.Path(cursor, PageSize));
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
        patience.CancelAfter(Patience);
        try
        {
            using HttpResponseMessage response = await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
            {
                AteneaException refused = Failed($"the store answers with {(int)response.StatusCode}");
                throw response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError
                    ? new TransientException(refused, HubErrors.RetryAfter(response.Headers))
                    : refused;
            }

            using var body = new PatientStream(await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false), Patience, MostPageBytes);
            JsonDocument json = await JsonDocument.ParseAsync(body, cancellationToken: token).ConfigureAwait(false);
            if (json.RootElement.Number("success") == 1 && json.RootElement.Member("reviews") is { ValueKind: JsonValueKind.Array }) return json;
            // "null" and success 2 are how the store says that it is busy.
            json.Dispose();
            throw new TransientException(Failed("the store answers without success"));
        }
        catch (OperationCanceledException) when (!token.IsCancellationRequested)
        {
            throw new TransientException(Failed($"no answer within {Patience.TotalSeconds:0.#} s"));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException)
        {
            throw new TransientException(Failed(e.Message, e), attempts: e is HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } ? 0 : null);
        }

        AteneaException Failed(string why, Exception? inner = null) => new(Catalogue.SteamFailed, $"app {query.App}: {why}", address.GetLeftPart(UriPartial.Path), inner: inner);
    }, cancellation);

    /// <summary>The growing file and the state beside it, which says how far it is.</summary>
    private sealed class SteamFile
    {
        private readonly SteamQuery _query;
        private readonly string _output;
        private readonly string _partial;
        private readonly string _state;
        private readonly HashSet<string> _ids = new(StringComparer.Ordinal);
        private long _bytes;

        private SteamFile(SteamQuery query, string output)
        {
            _query = query;
            _output = Path.GetFullPath(output);
            _partial = _output + ".partial";
            _state = _output + ".state.json";
        }

        public int Rows => _ids.Count;

        public string? Cursor { get; private set; }

        public static SteamFile Open(SteamQuery query, string output)
        {
            var file = new SteamFile(query, output);
            try
            {
                file.Open();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileErrors.CannotWrite(output, e);
            }

            return file;
        }

        /// <summary>Adds the reviews that are not there yet, and says where the next page begins: on the disk when this returns.</summary>
        public void Add(IEnumerable<JsonElement> reviews, int count, string? next)
        {
            var csv = new StringBuilder();
            bool all = true;
            foreach (JsonElement review in reviews)
            {
                if (SteamColumns.IdOf(review) is not { } id || _ids.Contains(id)) continue;
                if (_ids.Count == count)
                {
                    all = false; // The page is not used up: the next run asks for it again.
                    break;
                }

                _ids.Add(id);
                SteamColumns.Append(csv, _query.App, review);
            }

            if (all) Cursor = next;
            try
            {
                byte[] bytes = Utf8.GetBytes(csv.ToString());
                using (var stream = new FileStream(_partial, FileMode.Open, FileAccess.Write, FileShare.Read))
                {
                    stream.Position = _bytes;
                    stream.Write(bytes);
                    stream.Flush(flushToDisk: true);
                }

                _bytes += bytes.Length;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileErrors.CannotWrite(_partial, e);
            }

            SaveState();
        }

        /// <summary>Puts the file in its place.</summary>
        public void Complete()
        {
            try
            {
                File.Move(_partial, _output, overwrite: true);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw FileErrors.CannotWrite(_output, e);
            }
        }

        private void Open()
        {
            if (Path.GetDirectoryName(_output) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
            bool hasState = File.Exists(_state);
            if (!hasState && File.Exists(_output))
                throw new AteneaException(Catalogue.SteamOutputOther, "the file is there, but not what it was made from", _output);
            if (hasState) ReadState();
            if (!File.Exists(_partial))
            {
                if (File.Exists(_output)) File.Copy(_output, _partial);
                else File.WriteAllBytes(_partial, []);
            }

            using (var stream = new FileStream(_partial, FileMode.Open, FileAccess.ReadWrite, FileShare.Read))
            {
                if (stream.Length < _bytes || _bytes == 0)
                {
                    // Nothing of use: a new file, or one that somebody shortened.
                    (_bytes, Cursor) = (0, null);
                    stream.SetLength(0);
                    byte[] header = Utf8.GetBytes(SteamColumns.Header);
                    stream.Write(header);
                    _bytes = header.Length;
                }

                stream.SetLength(_bytes); // What came after was a page that was being written when the run was killed.
                stream.Flush(flushToDisk: true);
            }

            ReadIds();
            SaveState();
        }

        private void ReadState()
        {
            try
            {
                using JsonDocument json = JsonDocument.Parse(FileErrors.ReadText(_state));
                JsonElement root = json.RootElement;
                if (root.Text("query") != _query.Path(FirstCursor, PageSize))
                    throw new AteneaException(Catalogue.SteamOutputOther, $"it was made from {root.Text("query")}", _state);
                (Cursor, _bytes) = (root.Text("cursor"), root.Number("bytes") ?? 0);
            }
            catch (JsonException e)
            {
                throw new AteneaException(Catalogue.SteamOutputOther, "its state is damaged", _state, inner: e);
            }
        }

        private void SaveState() => AtomicFile.WriteText(_state, JsonSerializer.Serialize(new { query = _query.Path(FirstCursor, PageSize), cursor = Cursor, rows = Rows, bytes = _bytes }));

        // The number is the record's first cell, never quoted; a line within a quoted text is told apart by counting quotation marks.
        private void ReadIds()
        {
            bool inQuotes = false, isHeader = true;
            foreach (string line in File.ReadLines(_partial))
            {
                if (!inQuotes && !isHeader) _ids.Add(line.Split(',', 2)[0]);
                isHeader = false;
                if (line.Count(c => c == '"') % 2 == 1) inQuotes = !inQuotes;
            }
        }
    }
}

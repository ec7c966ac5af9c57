using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Requests to the hub and to where it sends us. Follows redirects itself, because the token may go to the hub's own origin only: never to
/// another host, port or scheme, whoever names it.
/// </summary>
internal sealed class HubHttp : IDisposable
{
    private const int MostRedirects = 10;
    private const int MostJsonBytes = 1 << 28;
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    private readonly HttpClient _client;
    private readonly HubSettings _settings;
    private bool _answered;

    /// <summary>Prepares a client; opens no connection.</summary>
    public HubHttp(HubSettings settings)
    {
        _settings = settings;
        _client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout < settings.Timeout ? ConnectTimeout : settings.Timeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        { Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.UserAgent.Add(
            new ProductInfoHeaderValue("atenea", typeof(HubHttp).Assembly.GetName().Version?.ToString(3)));
        // Sizes and ranges are those of the file, so nothing may be compressed on the way.
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
        Endpoint = settings.Endpoint.AbsoluteUri.TrimEnd('/');
    }

    /// <summary>The hub's address without a slash at its end.</summary>
    public string Endpoint { get; }

    /// <summary>An address from a text.</summary>
    /// <param name="path">Path and query, beginning with a slash.</param>
    public Uri Address(string path) => new(Endpoint + path);

    /// <summary>
    /// Sends one request and follows its redirects. The answer is a success, or 416 for a range past the end, or, for HEAD, the redirect
    /// that already tells the file's identity (<c>X-Linked-ETag</c>) or the 404 that tells at which commit there is no such file.
    /// </summary>
    /// <param name="method">GET or HEAD.</param>
    /// <param name="address">Where to.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="from">First byte wanted, 0 for all.</param>
    /// <param name="to">Last byte wanted, or null.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="AteneaException">A refusal.</exception>
    /// <exception cref="TransientException">A failure that may pass.</exception>
    public async Task<HubAnswer> SendAsync(
        HttpMethod method, Uri address, HubTarget target, long from, long? to, CancellationToken cancellation)
    {
        string? commit = null;
        for (int hop = 0; hop <= MostRedirects; hop++)
        {
            using var request = new HttpRequestMessage(method, address);
            bool withToken = _settings.Token is not null && IsHub(address);
            if (withToken) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _settings.Token);
            if (from > 0 || to is not null) request.Headers.Range = new RangeHeaderValue(from, to);
            HttpResponseMessage response = await SendOnceAsync(request, target, cancellation).ConfigureAwait(false);
            commit ??= HubErrors.Header(response.Headers, "X-Repo-Commit");
            bool isRedirect = response.StatusCode is HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther
                or HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable
                || (method == HttpMethod.Head && isRedirect && response.Headers.Contains("X-Linked-ETag"))
                || (method == HttpMethod.Head && commit is not null
                    && HubErrors.Header(response.Headers, "X-Error-Code") == "EntryNotFound"))
                return new HubAnswer(response, commit);
            using (response)
            {
                if (!isRedirect) throw await HubErrors.FromAsync(response, target, Endpoint, withToken, cancellation).ConfigureAwait(false);
                address = Redirect(response, address, target);
            }
        }

        throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: more than {MostRedirects} redirects",
            address.GetLeftPart(UriPartial.Path));
    }

    /// <summary>Gets a JSON answer and the address of its next page, if it has one.</summary>
    /// <param name="address">Where from.</param>
    /// <param name="target">What it is about.</param>
    /// <param name="retry">How to try again.</param>
    /// <param name="cancellation">Ends it.</param>
    public Task<(JsonDocument Json, Uri? Next)> GetJsonAsync(Uri address, HubTarget target, Retry retry, CancellationToken cancellation) =>
        retry.RunAsync<(JsonDocument, Uri?)>(async (_, token) =>
        {
            using HubAnswer answer = await SendAsync(HttpMethod.Get, address, target, 0, null, token).ConfigureAwait(false);
            try
            {
                using var body = new PatientStream(await answer.Response.Content.ReadAsStreamAsync(token).ConfigureAwait(false),
                    _settings.Timeout, MostJsonBytes);
                return (await JsonDocument.ParseAsync(body, cancellationToken: token).ConfigureAwait(false),
                    NextPage(answer.Response, address));
            }
            catch (JsonException e)
            {
                throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: not JSON", address.GetLeftPart(UriPartial.Path),
                    inner: e);
            }
            catch (Exception e) when (e is IOException or HttpRequestException)
            {
                throw new TransientException(new AteneaException(Catalogue.HubUnreachable, $"{target}: {e.Message}", Endpoint, inner: e));
            }
        }, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private bool IsHub(Uri address) => address.Scheme == _settings.Endpoint.Scheme && address.IdnHost == _settings.Endpoint.IdnHost
        && address.Port == _settings.Endpoint.Port;

    private async Task<HttpResponseMessage> SendOnceAsync(HttpRequestMessage request, HubTarget target, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(_settings.Timeout);
        try
        {
            HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token)
                .ConfigureAwait(false);
            _answered = true;
            return response;
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"no answer within {_settings.Timeout.TotalSeconds:0.#} s", target, request, e, _answered ? null : 1);
        }
        catch (HttpRequestException e)
        {
            // A machine without network shall say so at once; one whose network just worked is worth waiting for.
            int? attempts = _answered ? null : e.HttpRequestError == HttpRequestError.NameResolutionError ? 0 : 1;
            throw Unreachable(e.Message, target, request, e, attempts);
        }
    }

    private static TransientException Unreachable(
        string why, HubTarget target, HttpRequestMessage request, Exception inner, int? attempts)
    {
        string where = request.RequestUri!.GetLeftPart(UriPartial.Path);
        return new(new AteneaException(Catalogue.HubUnreachable, $"{target}: {why}", where, inner: inner), attempts: attempts);
    }

    private static Uri Redirect(HttpResponseMessage response, Uri from, HubTarget target)
    {
        if (response.Headers.Location is { } location && Uri.TryCreate(from, location, out Uri? next) && next.Scheme is "http" or "https"
            && !(from.Scheme == "https" && next.Scheme == "http"))
            return next;
        throw new AteneaException(Catalogue.HubAnswerMalformed, $"{target}: a redirect to '{response.Headers.Location}'",
            from.GetLeftPart(UriPartial.Path));
    }

    // Link: <address>; rel="next"
    private static Uri? NextPage(HttpResponseMessage response, Uri from)
    {
        if (HubErrors.Header(response.Headers, "Link") is not { } links) return null;
        foreach (string link in links.Split(','))
        {
            int open = link.IndexOf('<', StringComparison.Ordinal), close = link.IndexOf('>', StringComparison.Ordinal);
            if (open < 0 || close < open
                || !link[close..].Replace(" ", "", StringComparison.Ordinal).Contains("rel=\"next\"", StringComparison.Ordinal)) continue;
            if (Uri.TryCreate(from, link[(open + 1)..close], out Uri? next) && next != from) return next;
        }

        return null;
    }
}

/// <summary>A hub's answer.</summary>
/// <param name="Response">The last response.</param>
/// <param name="Commit">The commit that any response of the chain named, or null.</param>
internal sealed record HubAnswer(HttpResponseMessage Response, string? Commit) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Response.Dispose();
}

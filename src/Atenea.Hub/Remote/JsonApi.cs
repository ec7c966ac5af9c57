using System.Net;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// JSON of a public HTTP API that needs no token, for servers other than the hub: waits out what may pass, bounds silence and size.
/// </summary>
public sealed class JsonApi : IDisposable
{
    private const int MostBytes = 1 << 26;

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private readonly Retry _retry;

    /// <summary>Prepares a client; opens no connection.</summary>
    /// <param name="retry">How failures are retried.</param>
    /// <param name="notice">Told of waits; null for silence.</param>
    public JsonApi(RetryOptions retry, Action<string>? notice = null) => _retry = new Retry(retry, notice);

    /// <summary>Longest silence of the server.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Asks for a document.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="isAnswer">Whether this is the answer, and not a server's way of saying that it is busy.</param>
    /// <param name="failed">The error for users, from what went wrong and the exception behind it.</param>
    /// <param name="cancellation">Ends it, also during a wait.</param>
    /// <returns>The document, the caller's to dispose.</returns>
    /// <exception cref="AteneaException">What <paramref name="failed"/> made: refused, or failed too often.</exception>
    public Task<JsonDocument> GetAsync(
        Uri address, Func<JsonElement, bool> isAnswer, Func<string, Exception?, AteneaException> failed, CancellationToken cancellation) =>
        _retry.RunAsync<JsonDocument>(async (_, token) =>
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(token);
            patience.CancelAfter(Patience);
            try
            {
                using HttpResponseMessage response =
                    await _http.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
                if (!response.IsSuccessStatusCode) throw Refusal(response, failed);
                Stream content = await response.Content.ReadAsStreamAsync(token).ConfigureAwait(false);
                using var body = new PatientStream(content, Patience, MostBytes);
                JsonDocument json = await JsonDocument.ParseAsync(body, cancellationToken: token).ConfigureAwait(false);
                if (isAnswer(json.RootElement)) return json;
                json.Dispose();
                throw new TransientException(failed("the server answers without success", null));
            }
            catch (OperationCanceledException) when (!token.IsCancellationRequested)
            {
                throw new TransientException(failed($"no answer within {Patience.TotalSeconds:0.#} s", null));
            }
            catch (HttpRequestException e)
            {
                // A machine without network shall say so at once.
                int? attempts = e.HttpRequestError == HttpRequestError.NameResolutionError ? 0 : null;
                throw new TransientException(failed(e.Message, e), attempts: attempts);
            }
            catch (Exception e) when (e is IOException or JsonException)
            {
                throw new TransientException(failed(e.Message, e));
            }
        }, cancellation);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static Exception Refusal(HttpResponseMessage response, Func<string, Exception?, AteneaException> failed)
    {
        AteneaException refused = failed($"the server answers with {(int)response.StatusCode}", null);
        bool mayPass = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.Forbidden or HttpStatusCode.RequestTimeout
            or >= HttpStatusCode.InternalServerError;
        return mayPass ? new TransientException(refused, HubErrors.RetryAfter(response.Headers)) : refused;
    }
}

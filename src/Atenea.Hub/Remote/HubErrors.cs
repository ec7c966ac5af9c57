using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Turns a hub's refusals into errors for users, by its <c>X-Error-Code</c> where it gives one, else by the status.</summary>
internal static partial class HubErrors
{
    private const int LongestReason = 300;
    private const int MostBytes = 1 << 14;

    /// <summary>
    /// The error of an answer that is neither success nor redirect: an <see cref="AteneaException"/>, or a <see cref="TransientException"/>
    /// if it may pass.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="target">What was asked for.</param>
    /// <param name="endpoint">The hub's address, for pages to visit.</param>
    /// <param name="hasToken">Whether a token was sent.</param>
    /// <param name="cancellation">Ends reading the answer.</param>
    public static async Task<Exception> FromAsync(
        HttpResponseMessage response, HubTarget target, string endpoint, bool hasToken, CancellationToken cancellation)
    {
        string reason = await ReasonAsync(response, cancellation).ConfigureAwait(false);
        string where = response.RequestMessage?.RequestUri?.GetLeftPart(UriPartial.Path) ?? endpoint;
        int status = (int)response.StatusCode;
        AteneaException Error(ErrorCode code, string? remedy = null) =>
            new(code, $"{target} ({status}{(reason.Length == 0 ? "" : ": " + reason)})", where, remedy);

        switch (Header(response.Headers, "X-Error-Code"))
        {
            case "RevisionNotFound": return Error(Catalogue.RemoteRevisionNotFound);
            case "EntryNotFound": return Error(Catalogue.RemoteFileNotFound);
            case "GatedRepo":
                string page = $"{endpoint}/{(target.Kind == RepositoryKind.Dataset ? "datasets/" : "")}{target.Id}";
                return Error(Catalogue.RepositoryGated, hasToken
                    ? $"accept the conditions at {page} with the account of your token; if you have asked already, "
                        + "wait for its owners to grant it"
                    : $"accept the conditions at {page}, then set HF_TOKEN to a token of that account");
            case "RepoNotFound": return Error(Catalogue.RepositoryNotFound, NotFoundRemedy(hasToken));
        }

        return response.StatusCode switch
        {
            HttpStatusCode.TooManyRequests =>
                new TransientException(Error(Catalogue.HubRateLimited, Wait(response.Headers)), RetryAfter(response.Headers)),
            HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError =>
                new TransientException(Error(Catalogue.HubFailed), RetryAfter(response.Headers)),
            HttpStatusCode.Unauthorized when reason.Contains("Invalid credentials", StringComparison.OrdinalIgnoreCase)
                || target.Kind is null => Error(Catalogue.TokenRejected),
            // The hub answers 401 for repositories that are missing, so as not to tell which private ones exist.
            HttpStatusCode.Unauthorized => Error(Catalogue.RepositoryNotFound, NotFoundRemedy(hasToken)),
            HttpStatusCode.Forbidden => Error(Catalogue.HubForbidden),
            HttpStatusCode.NotFound when target.File is null => Error(Catalogue.RepositoryNotFound, NotFoundRemedy(hasToken)),
            HttpStatusCode.NotFound => Error(Catalogue.RemoteFileNotFound),
            _ => Error(Catalogue.HubFailed),
        };
    }

    /// <summary>The first value of a header, or null.</summary>
    public static string? Header(HttpResponseHeaders headers, string name) =>
        headers.TryGetValues(name, out IEnumerable<string>? values) ? values.FirstOrDefault() : null;

    /// <summary>
    /// The wait that a server asks for: <c>Retry-After</c> in seconds or as a date, or the reset of its <c>RateLimit</c>.
    /// </summary>
    public static TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        if (Header(headers, "RateLimit") is { } limit && SpentLimit().Match(limit) is { Success: true } spent)
            return TimeSpan.FromSeconds(int.Parse(spent.Groups["seconds"].Value, CultureInfo.InvariantCulture) + 1);
        if (headers.RetryAfter is not { } after) return null;
        TimeSpan wait = after.Delta ?? after.Date!.Value - DateTimeOffset.UtcNow;
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait;
    }

    private static string? Wait(HttpResponseHeaders headers) => RetryAfter(headers) is { TotalSeconds: > 0 } wait
        ? $"the hub asks to wait {Math.Ceiling(wait.TotalSeconds):0} s; then run the same again (downloads go on where they stopped)"
        : null;

    private static string? NotFoundRemedy(bool hasToken) =>
        hasToken ? "check the spelling of 'organisation/name', and that the account of your token may see it" : null;

    // {"error": "..."} or the X-Error-Message header; made harmless for a terminal.
    private static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        string? text = Header(response.Headers, "X-Error-Message");
        if (text is null && response.Content.Headers.ContentType?.MediaType == "application/json")
        {
            try
            {
                byte[] bytes = new byte[MostBytes];
                using Stream body = await response.Content.ReadAsStreamAsync(cancellation).ConfigureAwait(false);
                int count = await body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
                using JsonDocument json = JsonDocument.Parse(bytes.AsMemory(0, count));
                text = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("error", out JsonElement error)
                    ? error.ToString()
                    : null;
            }
            catch (Exception e) when (e is IOException or HttpRequestException or JsonException)
            {
                // The status alone must do.
            }
        }

        if (text is null) return "";
        string plain = new([.. text.Where(c => !char.IsControl(c))]);
        return plain.Length > LongestReason ? plain[..LongestReason] : plain;
    }

    [GeneratedRegex(@";\s*r=0\s*;\s*t=(?<seconds>\d{1,7})")]
    private static partial Regex SpentLimit();
}

using System.Globalization;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Where the hub is and how it is used. The token can be set but not read from outside, and nothing prints it.</summary>
public sealed class HubSettings
{
    private const string DefaultEndpoint = "https://huggingface.co";

    /// <summary>Address of the hub, <c>HF_ENDPOINT</c>.</summary>
    public Uri Endpoint { get; init; } = new(DefaultEndpoint);

    /// <summary>The user's access token, or null. It is sent to the endpoint's host only.</summary>
    public string? Token { internal get; init; }

    /// <summary>Whether there is a token.</summary>
    public bool HasToken => Token is not null;

    /// <summary>Where downloads go.</summary>
    public HubCache Cache { get; init; } = HubCache.FromEnvironment();

    /// <summary>Whether the network must not be used, <c>HF_HUB_OFFLINE</c>.</summary>
    public bool Offline { get; init; }

    /// <summary>Whether a program may show progress, unless <c>HF_HUB_DISABLE_PROGRESS_BARS</c>.</summary>
    public bool ShowProgress { get; init; } = true;

    /// <summary>Whether snapshots are links into blobs where the system can, unless <c>HF_HUB_DISABLE_SYMLINKS</c>.</summary>
    public bool Symlinks { get; init; } = true;

    /// <summary>Longest silence of the server, <c>HF_HUB_DOWNLOAD_TIMEOUT</c>.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Files downloaded at once.</summary>
    public int Workers { get; init; } = 8;

    /// <summary>How failures are retried.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>
    /// The user's settings: <c>HF_ENDPOINT</c>, <c>HF_TOKEN</c> or the file that <c>HF_TOKEN_PATH</c> names (else <c>HF_HOME/token</c>),
    /// <c>HF_HUB_OFFLINE</c> (or <c>TRANSFORMERS_OFFLINE</c>) and the others named at the properties.
    /// </summary>
    /// <param name="cache">The cache; the user's own when left out.</param>
    /// <param name="retry">How failures are retried; patiently when left out.</param>
    /// <exception cref="AteneaException">HF_ENDPOINT is not an address (ATN0468).</exception>
    public static HubSettings FromEnvironment(HubCache? cache = null, RetryOptions? retry = null) => new()
    {
        Retry = retry ?? new RetryOptions(),
        Endpoint = ReadEndpoint(),
        Token = ReadToken(),
        Cache = cache ?? HubCache.FromEnvironment(),
        Offline = HubEnvironment.IsTrue("HF_HUB_OFFLINE") || HubEnvironment.IsTrue("TRANSFORMERS_OFFLINE"),
        ShowProgress = !HubEnvironment.IsTrue("HF_HUB_DISABLE_PROGRESS_BARS"),
        Symlinks = !HubEnvironment.IsTrue("HF_HUB_DISABLE_SYMLINKS"),
        Timeout = ReadSeconds("HF_HUB_DOWNLOAD_TIMEOUT") ?? TimeSpan.FromSeconds(10),
    };

    private static Uri ReadEndpoint()
    {
        string text = HubEnvironment.Variable("HF_ENDPOINT") ?? DefaultEndpoint;
        return Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
            && uri.Query.Length == 0
            ? uri
            : throw new AteneaException(Catalogue.HubSettingInvalid, $"HF_ENDPOINT is '{text}'",
                remedy: $"write an address like {DefaultEndpoint}, or unset it");
    }

    private static string? ReadToken()
    {
        if ((HubEnvironment.Variable("HF_TOKEN") ?? HubEnvironment.Variable("HUGGING_FACE_HUB_TOKEN")) is { } given) return given;
        if (HubEnvironment.IsTrue("HF_HUB_DISABLE_IMPLICIT_TOKEN")) return null;
        string file = HubEnvironment.FolderOf("HF_TOKEN_PATH") ?? Path.Combine(HubEnvironment.Home, "token");
        if (!File.Exists(file)) return null;
        string token = FileErrors.ReadText(file).Trim();
        return token.Length == 0 ? null : token;
    }

    private static TimeSpan? ReadSeconds(string name) =>
        HubEnvironment.Variable(name) is { } text
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : null;
}

namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>No connection to the hub, or no answer in time.</summary>
    public static readonly ErrorCode HubUnreachable = new("ATN0451", "the hub cannot be reached",
        "check the network, the proxy (HTTPS_PROXY) and HF_ENDPOINT; what is in the cache can be used offline", ErrorCode.RunFailed);

    /// <summary>Something must be fetched, and the user has forbidden it.</summary>
    public static readonly ErrorCode HubOffline = new("ATN0452", "offline, and not in the cache",
        "unset HF_HUB_OFFLINE to download it, or copy it into the cache (HF_HOME) from a machine that has it");

    /// <summary>The hub has no such repository, or does not show it to this user.</summary>
    public static readonly ErrorCode RepositoryNotFound = new("ATN0453", "no such repository on the hub",
        "check the spelling of 'organisation/name'; a private repository needs a token in HF_TOKEN");

    /// <summary>The repository's owner asks users to accept conditions first.</summary>
    public static readonly ErrorCode RepositoryGated = new("ATN0454", "gated repository",
        "accept its conditions on its page, then set HF_TOKEN to a token of that account");

    /// <summary>The repository has no such branch, tag or commit.</summary>
    public static readonly ErrorCode RemoteRevisionNotFound = new("ATN0455", "no such revision on the hub",
        "name a branch, a tag or a full commit of the repository");

    /// <summary>The repository has no such file at this revision.</summary>
    public static readonly ErrorCode RemoteFileNotFound = new("ATN0456", "no such file on the hub",
        "check the file's name and the revision");

    /// <summary>The hub does not know the token.</summary>
    public static readonly ErrorCode TokenRejected = new("ATN0457", "the hub rejects the token",
        "get a new token from the hub's settings page and set HF_TOKEN, or unset it to read public repositories");

    /// <summary>The hub refuses the request.</summary>
    public static readonly ErrorCode HubForbidden = new("ATN0458", "the hub refuses access",
        "check that the token (HF_TOKEN) may read this repository");

    /// <summary>Too many requests, still after waiting.</summary>
    public static readonly ErrorCode HubRateLimited = new("ATN0459", "too many requests",
        "wait and run the same again (downloads go on where they stopped); a token in HF_TOKEN raises the limit", ErrorCode.RunFailed);

    /// <summary>The hub answers with an error of its own, still after several attempts.</summary>
    public static readonly ErrorCode HubFailed = new("ATN0460", "the hub answers with an error",
        "try again later; downloads go on where they stopped", ErrorCode.RunFailed);

    /// <summary>What came back is not what a hub answers.</summary>
    public static readonly ErrorCode HubAnswerMalformed = new("ATN0461", "unexpected answer from the hub",
        "check that HF_ENDPOINT names a Hugging Face hub, and that no proxy or login page answers in its place", ErrorCode.RunFailed);

    /// <summary>The connection broke again and again.</summary>
    public static readonly ErrorCode DownloadInterrupted = new("ATN0462", "the download broke off",
        "run the same again: it goes on where it stopped", ErrorCode.RunFailed);

    /// <summary>All bytes came, and they are not those that the hub announced.</summary>
    public static readonly ErrorCode DownloadCorrupt = new("ATN0463", "a downloaded file is damaged",
        "run the same again; if it stays so, a proxy or a mirror changes the file", ErrorCode.RunFailed);

    /// <summary>A file's name would lead out of the cache.</summary>
    public static readonly ErrorCode RemotePathUnsafe = new("ATN0464", "unsafe file name on the hub",
        "do not use this repository: such a name can only be meant to write outside the cache");

    /// <summary>The cache lies where this user may not write.</summary>
    public static readonly ErrorCode CacheUnwritable = new("ATN0465", "the cache cannot be written",
        "set HF_HOME (or HF_HUB_CACHE) to a folder that you may write to");

    /// <summary>No space left for what is to be downloaded.</summary>
    public static readonly ErrorCode DiskFull = new("ATN0466", "the disk is full",
        "free space (`atenea model list` shows what the cache holds, `atenea model remove` deletes), or set HF_HOME to another disk; "
            + "then run the same again",
        ErrorCode.RunFailed);

    /// <summary>No file of the repository is wanted.</summary>
    public static readonly ErrorCode NoFileSelected = new("ATN0467", "no file to download",
        "check the patterns of --include and --exclude; `*` also matches across folders");

    /// <summary>A setting of the hub client makes no sense.</summary>
    public static readonly ErrorCode HubSettingInvalid = new("ATN0468", "invalid hub setting",
        "correct the environment variable");

    /// <summary>What should be removed or shown is not in the cache.</summary>
    public static readonly ErrorCode NotInCache = new("ATN0469", "not in the cache",
        "`atenea model list` shows what the cache holds");

    /// <summary>The store of Steam cannot be reached or does not answer as it should.</summary>
    public static readonly ErrorCode SteamFailed = new("ATN0470", "Steam's reviews cannot be read",
        "check the network and the number of the app, and run the same again: it goes on where it stopped", ErrorCode.RunFailed);

    /// <summary>What lies at the output belongs to another query.</summary>
    public static readonly ErrorCode SteamOutputOther = new("ATN0471", "the output holds other reviews",
        "name another output, or delete that file and its .state.json");
}

using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Checks what a server says before it becomes part of a path on this machine.</summary>
internal static partial class RemotePath
{
    private const int LongestPart = 255;

    /// <summary>
    /// Refuses a file's name that is not plainly relative: absolute, with <c>..</c>, backslashes, drive letters or control characters.
    /// </summary>
    /// <param name="name">The name in the repository, parts separated by slashes.</param>
    /// <param name="repository">The repository, for the message.</param>
    /// <exception cref="AteneaException">ATN0464.</exception>
    public static void Check(string name, string repository)
    {
        if (name.Length > 0 && name.Split('/').All(IsPlain)) return;
        throw new AteneaException(Catalogue.RemotePathUnsafe, $"'{Regex.Escape(name)}'", repository);
    }

    // A backslash separates folders on Windows, and nowhere is it part of an honest name; a colon names drives and streams there.
    private static bool IsPlain(string part) =>
        part.Length is > 0 and <= LongestPart && part is not ("." or "..")
        && !part.Any(c => char.IsControl(c) || c == '\\' || (c == ':' && OperatingSystem.IsWindows()));

    /// <summary>An ETag without its weakness mark and quotes, checked to be a plain file name.</summary>
    /// <returns>The name of the blob, or null if it cannot be one.</returns>
    public static string? BlobName(string? etag)
    {
        if (etag is null) return null;
        string name = etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag;
        name = name.Trim('"');
        return BlobPattern().IsMatch(name) ? name : null;
    }

    /// <summary>Whether a text is a full commit.</summary>
    public static bool IsCommit(string? text) => text is not null && FullCommit().IsMatch(text);

    /// <summary>A name as the path of an address.</summary>
    public static string Escape(string name) => string.Join('/', name.Split('/').Select(Uri.EscapeDataString));

    [GeneratedRegex(@"^[A-Za-z0-9_][A-Za-z0-9_\-]{0,199}\z")]
    private static partial Regex BlobPattern();

    [GeneratedRegex(@"^([0-9a-f]{40}|[0-9a-f]{64})\z")]
    private static partial Regex FullCommit();
}

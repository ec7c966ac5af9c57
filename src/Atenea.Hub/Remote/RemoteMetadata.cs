namespace Atenea.Hub;

/// <summary>What the hub tells about one file before it is downloaded.</summary>
/// <param name="Commit">The commit that the revision is at.</param>
/// <param name="Etag">The name of its blob: SHA-256 of a large file, Git's object id of a small one.</param>
/// <param name="Size">Bytes, or null when the server does not tell.</param>
internal sealed record RemoteMetadata(string Commit, string Etag, long? Size);

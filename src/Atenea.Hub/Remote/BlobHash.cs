using System.Security.Cryptography;
using System.Text;

namespace Atenea.Hub;

/// <summary>
/// The content hash that a blob's name states: 64 hexadecimal digits are the SHA-256 of a file in large storage, 40 are Git's own object
/// id, the SHA-1 of "blob", the size, a zero byte and the content. Other names state nothing that can be checked.
/// </summary>
internal static class BlobHash
{
    private const int Sha256Digits = 64;
    private const int GitDigits = 40;
    private const int BufferSize = 1 << 20;

    /// <summary>Whether a file's content has the hash that its name states; true if the name states none.</summary>
    /// <param name="stream">The content, read from its beginning.</param>
    /// <param name="name">The blob's name.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<bool> MatchesAsync(Stream stream, string name, CancellationToken cancellation)
    {
        bool isHexadecimal = name.All(char.IsAsciiHexDigitLower);
        if (!isHexadecimal || name.Length is not (Sha256Digits or GitDigits)) return true;
        using IncrementalHash hash =
            IncrementalHash.CreateHash(name.Length == Sha256Digits ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        if (name.Length == GitDigits) hash.AppendData(Encoding.ASCII.GetBytes($"blob {stream.Length}\0"));
        stream.Position = 0;
        byte[] buffer = new byte[BufferSize];
        int count;
        while ((count = await stream.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0) hash.AppendData(buffer, 0, count);
        return Convert.ToHexStringLower(hash.GetHashAndReset()) == name;
    }
}

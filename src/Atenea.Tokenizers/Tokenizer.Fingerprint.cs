using System.Security.Cryptography;

namespace Atenea.Tokenizers;

public sealed partial class Tokenizer
{
    /// <summary>
    /// A hash of everything that decides what ids a text gets: tokenizers with the same fingerprint give the same ids. For caches of
    /// tokenised texts.
    /// </summary>
    /// <returns>SHA-256 in hexadecimal digits.</returns>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(Configuration.ToJsonString()));
        foreach (string source in _definition.SourceFiles) hash.AppendData(File.ReadAllBytes(source));
        if (_definition.SourceFiles.Count == 0)
        {
            using var json = new MemoryStream();
            TokenizerWriter.WriteTokenizer(_definition, AddedTokens, json);
            hash.AppendData(json.GetBuffer().AsSpan(0, (int)json.Length));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}

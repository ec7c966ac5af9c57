namespace Atenea.Tokenizers;

/// <summary>Glues pieces that go on with a word, puts spaces elsewhere, and closes up punctuation token by token.</summary>
internal sealed class WordPieceDecoder(string prefix, bool cleanUp) : Decoder
{
    /// <summary>The clean-up's replacements, in order (also used by the decoder for CTC).</summary>
    private static readonly (string From, string To)[] Replacements =
    [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ];

    /// <summary>Closes up the space before punctuation and English contractions.</summary>
    public static string CleanUp(string token)
    {
        if (!token.Contains(' ', StringComparison.Ordinal)) return token;

        foreach ((string from, string to) in Replacements)
        {
            token = token.Replace(from, to, StringComparison.Ordinal);
        }

        return token;
    }

    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens)
    {
        var text = new List<string>(tokens.Count);
        for (int i = 0; i < tokens.Count; i++)
        {
            string token = tokens[i];
            if (i > 0)
            {
                token = prefix.Length > 0 && token.StartsWith(prefix, StringComparison.Ordinal) ? token[prefix.Length..] : " " + token;
            }

            text.Add(cleanUp ? CleanUp(token) : token);
        }

        return text;
    }
}

using System.Globalization;
using System.Text;

namespace Atenea.Tokenizers;

/// <summary>Letters of the byte alphabet back to bytes, and those to text; invalid UTF-8 becomes U+FFFD.</summary>
internal sealed class ByteLevelDecoder : Decoder
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens)
    {
        var bytes = new List<byte>();
        foreach (string token in tokens)
        {
            if (token.All(c => ByteAlphabet.ByteOf(c) >= 0))
            {
                bytes.AddRange(token.Select(c => (byte)ByteAlphabet.ByteOf(c)));
            }
            else
            {
                bytes.AddRange(Utf8.GetBytes(token));
            }
        }

        return [Utf8.GetString([.. bytes])];
    }
}

/// <summary>Metaspaces back to spaces; the first token's go where they were added.</summary>
internal sealed class MetaspaceDecoder(string replacement, bool prepends) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) =>
        [.. tokens.Select((t, i) => t.Replace(replacement, i == 0 && prepends ? "" : " ", StringComparison.Ordinal))];
}

/// <summary>Runs of byte pieces back to text; a run that is not valid UTF-8 as a whole becomes one U+FFFD a byte.</summary>
internal sealed class ByteFallbackDecoder : Decoder
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens)
    {
        var text = new List<string>(tokens.Count);
        var run = new List<byte>();
        foreach (string token in tokens)
        {
            if (token.Length == 6 && token.StartsWith("<0x", StringComparison.Ordinal) && token[5] == '>'
                && byte.TryParse(token.AsSpan(3, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte value))
            {
                run.Add(value);
                continue;
            }

            Flush(run, text);
            text.Add(token);
        }

        Flush(run, text);
        return text;
    }

    private static void Flush(List<byte> run, List<string> text)
    {
        if (run.Count == 0) return;

        try
        {
            text.Add(Strict.GetString([.. run]));
        }
        catch (DecoderFallbackException)
        {
            text.Add(new string('\uFFFD', run.Count));
        }

        run.Clear();
    }
}

/// <summary>All tokens as one.</summary>
internal sealed class FuseDecoder : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) => [string.Concat(tokens)];
}

/// <summary>The end-of-word suffix becomes a space, but at the end of the text.</summary>
internal sealed class BpeDecoder(string suffix) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) => suffix.Length == 0
        ? tokens
        : [.. tokens.Select((t, i) => t.Replace(suffix, i == tokens.Count - 1 ? "" : " ", StringComparison.Ordinal))];
}

/// <summary>Cuts up to so many of one character off the ends of every token.</summary>
internal sealed class StripDecoder(string content, int left, int right) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) => [.. tokens.Select(Strip)];

    private string Strip(string token)
    {
        int start = 0;
        for (int i = 0; i < left && string.CompareOrdinal(token, start, content, 0, content.Length) == 0; i++)
        {
            start += content.Length;
        }

        int end = token.Length;
        for (int i = 0; i < right && token.AsSpan(start, end - start).EndsWith(content, StringComparison.Ordinal); i++)
        {
            end -= content.Length;
        }

        return token[start..end];
    }
}

/// <summary>Replaces a pattern in every token.</summary>
internal sealed class ReplaceDecoder(TextPattern pattern, string content) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens) => [.. tokens.Select(Replace)];

    private string Replace(string token)
    {
        var text = new StringBuilder();
        int done = 0;
        int search = 0;
        while (search <= token.Length && pattern.Find(token, search, out int start, out int end))
        {
            text.Append(token, done, start - done).Append(content);
            done = end;
            search = end > start ? end : end + 1;
        }

        return text.Append(token, done, token.Length - done).ToString();
    }
}

/// <summary>Connectionist temporal classification (speech): repeated tokens once, padding gone, word delimiters as spaces.</summary>
internal sealed class CtcDecoder(string padToken, string wordDelimiter, bool cleanUp) : Decoder
{
    /// <inheritdoc/>
    public override List<string> Decode(List<string> tokens)
    {
        List<string> text = [];
        for (int i = 0; i < tokens.Count; i++)
        {
            if (i > 0 && tokens[i] == tokens[i - 1]) continue;

            string token = padToken.Length == 0 ? tokens[i] : tokens[i].Replace(padToken, "", StringComparison.Ordinal);
            if (cleanUp)
            {
                token = WordPieceDecoder.CleanUp(token).Replace(wordDelimiter, " ", StringComparison.Ordinal);
            }

            if (token.Length > 0)
            {
                text.Add(token);
            }
        }

        return text;
    }
}

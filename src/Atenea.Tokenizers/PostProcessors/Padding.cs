namespace Atenea.Tokenizers;

/// <summary>Fills encodings up to a common length.</summary>
internal static class Padding
{
    /// <summary>The length that <paramref name="options"/> ask for, given the longest encoding of the batch.</summary>
    public static int TargetLength(int longest, EncodeOptions options)
    {
        int length = options.Padding == PaddingStrategy.MaxLength && options.MaxLength is { } most ? most : longest;
        int multiple = options.PadToMultipleOf ?? 0;
        return multiple > 0 && length % multiple != 0 ? length + multiple - length % multiple : length;
    }

    /// <summary>Pads an encoding and its overflowing pieces.</summary>
    public static Encoding Apply(Encoding encoding, int length, int padId, string padToken, EncodeOptions options)
    {
        Encoding padded = Fill(encoding, length, padId, padToken, options);
        if (encoding.Overflowing.Count > 0)
        {
            padded.Overflowing = [.. encoding.Overflowing.Select(o => Fill(o, length, padId, padToken, options))];
        }

        padded.TruncatedTokens = encoding.TruncatedTokens;
        return padded;
    }

    private static Encoding Fill(Encoding encoding, int length, int padId, string padToken, EncodeOptions options)
    {
        int missing = length - encoding.Count;
        if (missing <= 0) return encoding;

        var padded = new Encoding(length);
        bool left = options.PaddingSide == Side.Left;
        padded.CopyFrom(encoding, 0, encoding.Count, left ? missing : 0);
        int from = left ? 0 : encoding.Count;
        for (int i = from; i < from + missing; i++)
        {
            padded.Set(i, padId, padToken, default, Encoding.None, encoding.PaddingSequence, options.PadTypeId);
            padded.Sources[i] = Encoding.None;
            padded.SpecialTokensMask[i] = 1;
            padded.AttentionMask[i] = 0;
        }

        return padded;
    }
}

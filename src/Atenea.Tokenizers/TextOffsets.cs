namespace Atenea.Tokenizers;

/// <summary>Converts offsets between UTF-16 units (.NET) and Unicode code points (Python, the reference library).</summary>
public static class TextOffsets
{
    /// <summary>The offsets of an encoding in code points of <paramref name="text"/>.</summary>
    /// <param name="offsets">Offsets in UTF-16 units of <paramref name="text"/>.</param>
    /// <param name="text">The text that the offsets refer to.</param>
    public static TextSpan[] ToCodePoints(IReadOnlyList<TextSpan> offsets, ReadOnlySpan<char> text)
    {
        int[]? points = CodePointIndex(text);
        var converted = new TextSpan[offsets.Count];
        for (int i = 0; i < converted.Length; i++)
        {
            TextSpan span = offsets[i];
            converted[i] = points is null ? span : new TextSpan(points[span.Start], points[span.End]);
        }

        return converted;
    }

    /// <summary>For each UTF-16 unit of a text (and its end) the number of code points before it; null where both counts agree.</summary>
    internal static int[]? CodePointIndex(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDBFF')) return null;

        var points = new int[text.Length + 1];
        int count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            points[i] = count;
            bool firstHalf = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (!firstHalf)
            {
                count++;
            }
        }

        points[text.Length] = count;
        return points;
    }
}

using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>Walking UTF-16 text by code points. Lone surrogates never reach the pipeline: the text buffer replaces them first.</summary>
internal static class CodePoint
{
    /// <summary>The code point that starts at <paramref name="index"/> and its length in UTF-16 units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<char> text, int index, out int length)
    {
        char unit = text[index];
        if (char.IsHighSurrogate(unit) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
        {
            length = 2;
            return char.ConvertToUtf32(unit, text[index + 1]);
        }

        length = 1;
        return unit;
    }

    /// <summary>The code point that ends just before <paramref name="index"/> and its length in UTF-16 units.</summary>
    public static int Before(ReadOnlySpan<char> text, int index, out int length)
    {
        char unit = text[index - 1];
        if (char.IsLowSurrogate(unit) && index > 1 && char.IsHighSurrogate(text[index - 2]))
        {
            length = 2;
            return char.ConvertToUtf32(text[index - 2], unit);
        }

        length = 1;
        return unit;
    }

    /// <summary>The number of code points of well-formed UTF-16 text.</summary>
    public static int Count(ReadOnlySpan<char> text)
    {
        int count = text.Length;
        int at = text.IndexOfAnyInRange('\uDC00', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (char.IsLowSurrogate(text[at]) && at > 0 && char.IsHighSurrogate(text[at - 1]))
            {
                count--;
            }
        }

        return count;
    }
}

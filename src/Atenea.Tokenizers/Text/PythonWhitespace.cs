namespace Atenea.Tokenizers;

/// <summary>White space as Python's <c>str.split</c> and <c>re</c> see it: the four separators of ASCII count, too.</summary>
internal static class PythonWhitespace
{
    /// <summary>Whether a character is white space.</summary>
    public static bool Contains(char unit) => unit is >= '\u001C' and <= '\u001F' || UnicodeTables.WhiteSpace.Contains(unit);

    /// <summary>The text without white space at its ends.</summary>
    public static string Trim(string text)
    {
        int start = 0;
        int end = text.Length;
        while (start < end && Contains(text[start]))
        {
            start++;
        }

        while (end > start && Contains(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    /// <summary>The words between white space.</summary>
    public static List<string> Split(string text)
    {
        List<string> words = [];
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || Contains(text[i]))
            {
                if (i > start)
                {
                    words.Add(text[start..i]);
                }

                start = i + 1;
            }
        }

        return words;
    }
}

namespace Atenea.Tokenizers;

/// <summary>Letters, numbers, white space and the rest, as the regular expressions of byte-level tokenizers class characters.</summary>
internal static class CharacterKinds
{
    /// <summary>Anything that is no letter, number or white space.</summary>
    public const byte Other = 0;

    /// <summary>A letter, <c>\p{L}</c>.</summary>
    public const byte Letter = 1;

    /// <summary>A number, <c>\p{N}</c>.</summary>
    public const byte Number = 2;

    /// <summary>White space, <c>\s</c>.</summary>
    public const byte Space = 3;

    private static readonly byte[] Basic = new byte[0x10000];
    private static readonly Dictionary<int, byte> Above = Read();

    /// <summary>The kind of the character at a position, and its length.</summary>
    public static byte At(ReadOnlySpan<char> text, int index, out int length)
    {
        char unit = text[index];
        if (!char.IsHighSurrogate(unit))
        {
            length = 1;
            return Basic[unit];
        }

        return Above.GetValueOrDefault(CodePoint.At(text, index, out length));
    }

    /// <summary>The end of a run of characters of one kind that begins at <paramref name="index"/>.</summary>
    public static int RunEnd(ReadOnlySpan<char> text, int index, byte kind)
    {
        while (index < text.Length && At(text, index, out int length) == kind)
        {
            index += length;
        }

        return index;
    }

    private static Dictionary<int, byte> Read()
    {
        var above = new Dictionary<int, byte>();
        foreach ((int first, int last, string label) in UnicodeTables.Labelled("category"))
        {
            byte kind = label[0] == 'L' ? Letter : label[0] == 'N' ? Number : Other;
            for (int c = first; c <= last && kind != Other; c++)
            {
                if (c < 0x10000)
                {
                    Basic[c] = kind;
                }
                else
                {
                    above[c] = kind;
                }
            }
        }

        for (int c = 0; c < 0x10000; c++)
        {
            if (UnicodeTables.WhiteSpace.Contains(c))
            {
                Basic[c] = Space;
            }
        }

        return above;
    }
}

/// <summary>
/// GPT-2's word pattern, written out by hand:
/// <c>'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+</c>.
/// </summary>
internal sealed class Gpt2PreTokenizer : SplittingPreTokenizer
{
    /// <summary>The pattern that this class stands for.</summary>
    public const string Pattern = @"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        ReadOnlySpan<char> text = units[..end];
        for (int i = start; i < end;)
        {
            int stop = WordEnd(text, i);
            parts.Add(i, stop);
            i = stop;
        }
    }

    private static int WordEnd(ReadOnlySpan<char> text, int at)
    {
        char first = text[at];
        if (first == '\'' && Contraction(text, at) is > 0 and int contraction) return at + contraction;

        int word = first == ' ' && at + 1 < text.Length ? at + 1 : at;
        byte kind = CharacterKinds.At(text, word, out int length);
        if (kind != CharacterKinds.Space) return CharacterKinds.RunEnd(text, word + length, kind);

        return SpaceEnd(text, at);
    }

    /// <summary><c>\s+(?!\S)|\s+</c>: a run of white space leaves its last character to the word after it.</summary>
    internal static int SpaceEnd(ReadOnlySpan<char> text, int at)
    {
        int end = CharacterKinds.RunEnd(text, at, CharacterKinds.Space);
        return end == text.Length || end - at == 1 ? end : end - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text, int at)
    {
        ReadOnlySpan<char> rest = text[(at + 1)..];
        if (rest.IsEmpty) return 0;

        return rest[0] switch
        {
            's' or 't' or 'm' or 'd' => 2,
            'r' or 'v' when rest.Length > 1 && rest[1] == 'e' => 3,
            'l' when rest.Length > 1 && rest[1] == 'l' => 3,
            _ => 0,
        };
    }
}

using System.Globalization;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Parses single characters, escapes, properties and bracketed classes.</summary>
internal sealed class CharacterClassParser(string pattern, string where, IReadOnlyList<(int First, int Last)>? word)
{
    private static readonly Dictionary<string, RangeSet> Categories = Group("category");
    private static readonly Dictionary<string, RangeSet> Scripts = Group("regex_script");
    private static readonly RangeSet Space = new(
    [
        (9, 13), (32, 32), (0x85, 0x85), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
    ]);
    private static readonly RangeSet OnigurumaWord = new(UnicodeTables.Ranges("regex_word"));

    /// <summary>Word characters.</summary>
    public RangeSet Word { get; } = word is null ? OnigurumaWord : new RangeSet(word);

    /// <summary>One character or escape outside brackets.</summary>
    public RangeSet Character(ref int at, bool ignoreCase)
    {
        (RangeSet set, bool spelled) = Item(ref at);
        return ignoreCase && spelled ? set.WithCaseVariants() : set;
    }

    /// <summary>A bracketed class; <paramref name="at"/> is its '['.</summary>
    public RangeSet Class(ref int at, bool ignoreCase)
    {
        int begin = at++;
        bool negative = at < pattern.Length && pattern[at] == '^';
        if (negative)
        {
            at++;
        }

        RangeSet? left = null;
        RangeSet set = new([]);
        bool first = true;
        while (true)
        {
            if (at >= pattern.Length) throw Unsupported("a class without end", begin);

            if (pattern[at] == ']' && !first)
            {
                at++;
                break;
            }

            if (pattern[at] == '&' && at + 1 < pattern.Length && pattern[at + 1] == '&')
            {
                at += 2;
                left = left is null ? set : left.And(set);
                set = new RangeSet([]);
                continue;
            }

            first = false;
            set = set.Or(ClassItem(ref at, ignoreCase));
        }

        if (left is not null)
        {
            set = left.And(set);
        }

        return negative ? set.Not() : set;
    }

    private RangeSet ClassItem(ref int at, bool ignoreCase)
    {
        if (pattern[at] == '[')
        {
            bool named = string.CompareOrdinal(pattern, at, "[:", 0, 2) == 0;
            return named && pattern.IndexOf(":]", at, StringComparison.Ordinal) is > 0 and int end
                ? Posix(ref at, end)
                : Class(ref at, ignoreCase);
        }

        int begin = at;
        (RangeSet set, bool spelled) = Item(ref at);
        if (spelled && at + 1 < pattern.Length && pattern[at] == '-' && pattern[at + 1] != ']')
        {
            at++;
            (RangeSet upper, bool spelledUpper) = Item(ref at);
            if (!spelledUpper || upper.Ranges[0].First < set.Ranges[0].First)
            {
                throw Unsupported("a range that ends before it begins", begin);
            }

            set = RangeSet.Of(set.Ranges[0].First, upper.Ranges[0].First);
        }

        return ignoreCase && spelled ? set.WithCaseVariants() : set;
    }

    private RangeSet Posix(ref int at, int end)
    {
        int begin = at;
        string name = pattern[(at + 2)..end];
        at = end + 2;
        bool negative = name.StartsWith('^');
        RangeSet set = name.TrimStart('^') switch
        {
            "alpha" => Property("L", begin),
            "digit" => Property("Nd", begin),
            "alnum" => Property("L", begin).Or(Property("Nd", begin)),
            "upper" => Property("Lu", begin),
            "lower" => Property("Ll", begin),
            "punct" => Property("P", begin).Or(Property("S", begin)),
            "space" => Space,
            "blank" => new RangeSet([(9, 9)]).Or(Property("Zs", begin)),
            "cntrl" => Property("Cc", begin),
            "word" => Word,
            "xdigit" => new RangeSet([('0', '9'), ('A', 'F'), ('a', 'f')]),
            _ => throw Unsupported($"the class [:{name}:]", begin),
        };
        return negative ? set.Not() : set;
    }

    /// <summary>A character or escape; the flag tells a character spelled out from a whole class.</summary>
    private (RangeSet Set, bool Spelled) Item(ref int at)
    {
        if (pattern[at] != '\\')
        {
            int codePoint = CodePoint.At(pattern, at, out int length);
            at += length;
            return (RangeSet.Of(codePoint, codePoint), true);
        }

        int begin = at++;
        if (at >= pattern.Length) throw Unsupported("a trailing backslash", begin);

        char c = pattern[at++];
        switch (c)
        {
            case 's':
                return (Space, false);
            case 'S':
                return (Space.Not(), false);
            case 'd':
                return (Property("Nd", begin), false);
            case 'D':
                return (Property("Nd", begin).Not(), false);
            case 'w':
                return (Word, false);
            case 'W':
                return (Word.Not(), false);
            case 'h':
                return (new RangeSet([('0', '9'), ('A', 'F'), ('a', 'f')]), false);
            case 'p' or 'P':
                int close = pattern.IndexOf('}', at);
                if (at >= pattern.Length || pattern[at] != '{' || close < 0) throw Unsupported("a property without braces", begin);

                string name = pattern[(at + 1)..close];
                at = close + 1;
                RangeSet property = Property(name.TrimStart('^'), begin);
                return (c == 'P' != name.StartsWith('^') ? property.Not() : property, false);
            case 'x' when at < pattern.Length && pattern[at] == '{':
                close = pattern.IndexOf('}', at);
                return (Hex(pattern.AsSpan(at + 1, Math.Max(0, close - at - 1)), begin, ref at, close + 1), true);
            case 'x':
                return (Hex(pattern.AsSpan(at, Math.Min(2, pattern.Length - at)), begin, ref at, at + 2), true);
            case 'u':
                return (Hex(pattern.AsSpan(at, Math.Min(4, pattern.Length - at)), begin, ref at, at + 4), true);
            default:
                int plain = c switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'f' => '\f',
                    'v' => '\v',
                    'a' => '\a',
                    'e' => 27,
                    '0' => 0,
                    _ when char.IsAsciiLetterOrDigit(c) => throw Unsupported($"the escape \\{c}", begin),
                    _ => c,
                };
                return (RangeSet.Of(plain, plain), true);
        }
    }

    private RangeSet Hex(ReadOnlySpan<char> digits, int begin, ref int at, int end)
    {
        if (!int.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int codePoint)
            || codePoint is < 0 or > 0x10FFFF)
        {
            throw Unsupported("a character number that is none", begin);
        }

        at = end;
        return RangeSet.Of(codePoint, codePoint);
    }

    private RangeSet Property(string name, int begin)
    {
        if (Categories.TryGetValue(name, out RangeSet? set) || Scripts.TryGetValue(name, out set)) return set;

        return name switch
        {
            "Letter" or "Alphabetic" or "Alpha" => Property("L", begin),
            "Number" => Property("N", begin),
            "Punctuation" or "Punct" => Property("P", begin),
            "Mark" => Property("M", begin),
            "Symbol" => Property("S", begin),
            "Separator" => Property("Z", begin),
            "Digit" => Property("Nd", begin),
            "Space" or "White_Space" => Space,
            "Word" => Word,
            "Upper" or "Uppercase_Letter" => Property("Lu", begin),
            "Lower" or "Lowercase_Letter" => Property("Ll", begin),
            _ => throw Unsupported($"the property \\p{{{name}}}", begin),
        };
    }

    private static Dictionary<string, RangeSet> Group(string table)
    {
        var ranges = new Dictionary<string, List<(int, int)>>(StringComparer.Ordinal);
        foreach ((int first, int last, string label) in UnicodeTables.Labelled(table))
        {
            // A category also belongs to its one-letter group.
            foreach (string name in label.Length == 2 ? [label, label[..1]] : new[] { label })
            {
                if (!ranges.TryGetValue(name, out List<(int, int)>? list))
                {
                    list = [];
                    ranges.Add(name, list);
                }

                list.Add((first, last));
            }
        }

        return ranges.ToDictionary(p => p.Key, p => new RangeSet(p.Value), StringComparer.Ordinal);
    }

    private AteneaException Unsupported(string construct, int begin) =>
        new(Catalogue.TokenizerRegexUnsupported, $"{construct} at position {begin} of {pattern}", where);
}

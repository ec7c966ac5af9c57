using System.Globalization;

namespace Atenea.Tokenizers;

/// <summary>
/// The Unicode tables of the reference library, observed code point by code point (see <c>generate_tables.py</c>).
/// The runtime's own tables are of other Unicode versions and would give other ids for a few hundred characters.
/// </summary>
internal static class UnicodeTables
{
    private static readonly Dictionary<string, List<string>> Raw = Read();

    /// <summary>Characters that BERT's clean-up deletes.</summary>
    public static readonly CodePointSet CleanRemoved = Set("clean_removed");

    /// <summary>Characters that BERT's clean-up turns into a space.</summary>
    public static readonly CodePointSet CleanSpace = Set("clean_space");

    /// <summary>Characters that BERT surrounds with spaces.</summary>
    public static readonly CodePointSet Cjk = Set("cjk");

    /// <summary>Non-spacing marks as BERT's accent stripping knows them.</summary>
    public static readonly CodePointSet MarkNonspacing = Set("mark_nonspacing");

    /// <summary>Every mark, as the stand-alone StripAccents normalizer knows them.</summary>
    public static readonly CodePointSet Mark = Set("mark");

    /// <summary>Punctuation of the BERT and Punctuation pre-tokenizers.</summary>
    public static readonly CodePointSet Punctuation = Set("punctuation");

    /// <summary>The White_Space property.</summary>
    public static readonly CodePointSet WhiteSpace = Set("white_space");

    /// <summary>Word characters (<c>\w</c>) of the Whitespace pre-tokenizer and of <c>single_word</c>.</summary>
    public static readonly CodePointSet Word = Set("word");

    /// <summary>Numeric characters of the Digits pre-tokenizer.</summary>
    public static readonly CodePointSet Numeric = Set("numeric");

    /// <summary>Lower-case forms: code point to one or more code points.</summary>
    public static readonly Dictionary<int, int[]> Lowercase = Map("lowercase");

    /// <summary>Full canonical decompositions, Hangul syllables excepted.</summary>
    public static readonly Dictionary<int, int[]> Canonical = Map("canonical");

    /// <summary>Full compatibility decompositions where they differ from the canonical ones.</summary>
    public static readonly Dictionary<int, int[]> Compatible = Map("compatible");

    /// <summary>Primary composites by (first shifted left by 32, second).</summary>
    public static readonly Dictionary<long, int> Composition = Pairs("composition");

    private static readonly byte[] CombiningClassBasic = new byte[0x10000];
    private static readonly Dictionary<int, byte> CombiningClassAbove = ReadClasses();

    /// <summary>The canonical combining class of a code point.</summary>
    public static byte CombiningClass(int codePoint) => codePoint < 0x10000
        ? CombiningClassBasic[codePoint]
        : CombiningClassAbove.GetValueOrDefault(codePoint);

    /// <summary>A set table by its name in the file.</summary>
    public static CodePointSet Set(string name)
    {
        var set = new CodePointSet();
        foreach (string item in Raw[name])
        {
            (int first, int last) = Range(item);
            set.Add(first, last);
        }

        return set;
    }

    /// <summary>The ranges of a set table.</summary>
    public static IReadOnlyList<(int First, int Last)> Ranges(string name) => Raw[name].ConvertAll(i => Range(i));

    /// <summary>A valued table: ranges with a label each, ascending.</summary>
    public static IEnumerable<(int First, int Last, string Label)> Labelled(string name)
    {
        foreach (string item in Raw[name])
        {
            int colon = item.IndexOf(':', StringComparison.Ordinal);
            (int first, int last) = Range(item.AsSpan(0, colon));
            yield return (first, last, item[(colon + 1)..]);
        }
    }

    private static Dictionary<string, List<string>> Read()
    {
        using Stream stream = typeof(UnicodeTables).Assembly.GetManifestResourceStream("Atenea.Tokenizers.unicode_tables.txt")!;
        using var reader = new StreamReader(stream);
        var tables = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        List<string> current = [];
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('@'))
            {
                current = [];
                tables.Add(line[1..], current);
            }
            else
            {
                current.AddRange(line.Split(' '));
            }
        }

        return tables;
    }

    private static int Hex(ReadOnlySpan<char> digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);

    private static (int First, int Last) Range(ReadOnlySpan<char> item)
    {
        int dash = item.IndexOf('-');
        return dash < 0 ? (Hex(item), Hex(item)) : (Hex(item[..dash]), Hex(item[(dash + 1)..]));
    }

    private static Dictionary<int, int[]> Map(string name)
    {
        var map = new Dictionary<int, int[]>();
        foreach (string item in Raw[name])
        {
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0)
            {
                map.Add(Hex(item.AsSpan(0, equals)), Array.ConvertAll(item[(equals + 1)..].Split('.'), s => Hex(s)));
                continue;
            }

            int plus = item.IndexOf('+', StringComparison.Ordinal);
            int slash = item.IndexOf('/', StringComparison.Ordinal);
            (int first, int last) = Range(item.AsSpan(0, plus));
            int delta = int.Parse(item.AsSpan(plus + 1, slash - plus - 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            int step = int.Parse(item.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
            for (int c = first; c <= last; c += step)
            {
                map.Add(c, [c + delta]);
            }
        }

        return map;
    }

    private static Dictionary<long, int> Pairs(string name)
    {
        var pairs = new Dictionary<long, int>();
        foreach (string item in Raw[name])
        {
            int dot = item.IndexOf('.', StringComparison.Ordinal);
            int equals = item.IndexOf('=', StringComparison.Ordinal);
            long first = Hex(item.AsSpan(0, dot));
            uint second = (uint)Hex(item.AsSpan(dot + 1, equals - dot - 1));
            pairs.Add(first << 32 | second, Hex(item.AsSpan(equals + 1)));
        }

        return pairs;
    }

    private static Dictionary<int, byte> ReadClasses()
    {
        var above = new Dictionary<int, byte>();
        foreach ((int first, int last, string label) in Labelled("combining_class"))
        {
            byte value = byte.Parse(label, CultureInfo.InvariantCulture);
            for (int c = first; c <= last; c++)
            {
                if (c < 0x10000)
                {
                    CombiningClassBasic[c] = value;
                }
                else
                {
                    above.Add(c, value);
                }
            }
        }

        return above;
    }
}

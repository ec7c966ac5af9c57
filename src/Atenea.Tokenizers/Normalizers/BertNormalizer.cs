namespace Atenea.Tokenizers;

/// <summary>
/// BERT's normaliser: clean-up, spaces around CJK characters, accents stripped, lower-casing, in this order
/// (Devlin et al. 2018, the original <c>tokenization.py</c>; order and tables as the reference library has them).
/// All four rules act on single characters, so they are folded into one map per page of 256 characters, built when a page is first met.
/// </summary>
internal sealed class BertNormalizer(bool cleanText, bool handleChineseCharacters, bool stripAccents, bool lowercase) : Normalizer
{
    private const char Removed = '\uFFFE';
    private const char Several = '\uFFFF';

    /// <summary>Marks that accent stripping keeps although they take part in canonical ordering: they need the full rules.</summary>
    private static readonly CodePointSet Awkward = FindAwkward();

    private readonly char[]?[] _pages = new char[256][];
    private char[]? _ascii;

    /// <summary>Whether every CJK ideograph becomes a word of its own.</summary>
    public bool SpacesIdeographs => handleChineseCharacters;

    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        if (stripAccents && HoldsAwkward(workspace.Text.Units))
        {
            foreach (Normalizer step in Steps())
            {
                step.Run(workspace);
            }

            return;
        }

        base.Run(workspace);
    }

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> units = source.Units[start..end];
        char[] ascii = _ascii ??= Page(0);
        int i = 0;
        while (i < units.Length)
        {
            // Runs whose characters map one to one are written without alignment work of their own.
            int run = i;
            Span<char> written = target.Window(units.Length - i);
            while (i < units.Length)
            {
                char unit = units[i];
                char mapped = unit < 128 ? ascii[unit]
                    : char.IsSurrogate(unit) ? Several
                    : (_pages[unit >> 8] ?? Page(unit >> 8))[unit & 255];
                if (mapped >= Removed) break;

                written[i - run] = mapped;
                i++;
            }

            target.Commit(source, start + run, i - run);
            if (i < units.Length)
            {
                int codePoint = CodePoint.At(units, i, out int length);
                Expand(codePoint, source, start + i, target);
                i += length;
            }
        }
    }

    private void Expand(int codePoint, NormalizedText source, int at, NormalizedText target)
    {
        Span<int> mapped = stackalloc int[32];
        int count = Map(codePoint, mapped);
        for (int i = 0; i < count; i++)
        {
            target.AppendAs(mapped[i], source, at);
        }
    }

    private char[] Page(int number)
    {
        var page = new char[256];
        Span<int> mapped = stackalloc int[32];
        for (int i = 0; i < 256; i++)
        {
            int count = Map(number << 8 | i, mapped);
            page[i] = count switch
            {
                0 => Removed,
                1 when mapped[0] < Removed => (char)mapped[0],
                _ => Several,
            };
        }

        // Two threads may build a page at once; both build the same one.
        _pages[number] = page;
        return page;
    }

    private int Map(int codePoint, Span<int> mapped)
    {
        if (cleanText)
        {
            if (UnicodeTables.CleanRemoved.Contains(codePoint)) return 0;

            if (UnicodeTables.CleanSpace.Contains(codePoint))
            {
                codePoint = ' ';
            }
        }

        int count = 0;
        bool spaced = handleChineseCharacters && UnicodeTables.Cjk.Contains(codePoint);
        if (spaced)
        {
            mapped[count++] = ' ';
        }

        if (stripAccents)
        {
            foreach (int part in Decomposed(codePoint))
            {
                if (!UnicodeTables.MarkNonspacing.Contains(part))
                {
                    count = Lower(part, mapped, count);
                }
            }
        }
        else
        {
            count = Lower(codePoint, mapped, count);
        }

        if (spaced)
        {
            mapped[count++] = ' ';
        }

        return count;
    }

    private int Lower(int codePoint, Span<int> mapped, int count)
    {
        if (lowercase && UnicodeTables.Lowercase.TryGetValue(codePoint, out int[]? lower))
        {
            foreach (int c in lower)
            {
                mapped[count++] = c;
            }

            return count;
        }

        mapped[count] = codePoint;
        return count + 1;
    }

    private static int[] Decomposed(int codePoint)
    {
        if (UnicodeTables.Canonical.TryGetValue(codePoint, out int[]? parts)) return parts;

        int hangul = codePoint - 0xAC00;
        if ((uint)hangul >= 11172) return [codePoint];

        int lead = 0x1100 + hangul / 588;
        int vowel = 0x1161 + hangul % 588 / 28;
        return hangul % 28 == 0 ? [lead, vowel] : [lead, vowel, 0x11A7 + hangul % 28];
    }

    private static bool HoldsAwkward(ReadOnlySpan<char> units)
    {
        int at = units.IndexOfAnyInRange('\u0300', '\uFFFF');
        while (at >= 0 && at < units.Length)
        {
            int codePoint = CodePoint.At(units, at, out int length);
            if (Awkward.Contains(codePoint)) return true;

            at += length;
        }

        return false;
    }

    private static CodePointSet FindAwkward()
    {
        var set = new CodePointSet();
        for (int c = 0x300; c < 0x20000; c++)
        {
            if (UnicodeTables.CombiningClass(c) != 0 && !UnicodeTables.MarkNonspacing.Contains(c))
            {
                set.Add(c, c);
            }
        }

        return set;
    }

    private List<Normalizer> Steps()
    {
        List<Normalizer> steps =
        [
            new BertNormalizer(cleanText, false, false, false),
            new BertNormalizer(false, handleChineseCharacters, false, false),
            new UnicodeFormNormalizer(NormalForm.Decomposed),
            new RemoveNormalizer(UnicodeTables.MarkNonspacing),
        ];
        if (lowercase)
        {
            steps.Add(new LowercaseNormalizer());
        }

        return steps;
    }
}

using System.Globalization;

namespace Atenea.Tokenizers;

/// <summary>Cuts at white space, which goes.</summary>
internal sealed class WhitespaceSplitPreTokenizer : SplittingPreTokenizer
{
    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) => SplitsAt(space);

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        CodePointSet space = UnicodeTables.WhiteSpace;
        int word = start;
        for (int i = start; i < end; i++)
        {
            if (space.Contains(units[i]))
            {
                parts.Add(word, i);
                word = i + 1;
            }
        }

        parts.Add(word, end);
    }
}

/// <summary>Runs of word characters and runs of everything else but white space (<c>\w+|[^\w\s]+</c>).</summary>
internal sealed class WhitespacePreTokenizer : SplittingPreTokenizer
{
    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) => SplitsAt(space);

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        int kind = 0;
        int from = start;
        for (int i = start; i < end;)
        {
            int codePoint = CodePoint.At(units[..end], i, out int length);
            int next = UnicodeTables.Word.Contains(codePoint) ? 1 : UnicodeTables.WhiteSpace.Contains(codePoint) ? 0 : 2;
            if (next != kind)
            {
                if (kind != 0)
                {
                    parts.Add(from, i);
                }

                from = i;
                kind = next;
            }

            i += length;
        }

        if (kind != 0)
        {
            parts.Add(from, end);
        }
    }
}

/// <summary>Every character of a set is a delimiter: punctuation, digits, one given character.</summary>
internal sealed class CharacterPreTokenizer(CodePointSet delimiters, SplitBehavior behavior) : DelimiterPreTokenizer(behavior)
{
    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) =>
        delimiters.Contains(space) ? SplitsBefore() : delimiters.Contains('0') ? CutEffect.Spoils : CutEffect.Keeps;

    /// <inheritdoc/>
    protected override void Find(ReadOnlySpan<char> text, SegmentList found)
    {
        int from = 0;
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoint.At(text, i, out int length);
            if (delimiters.Contains(codePoint))
            {
                found.Add(from, i, 0);
                found.Add(i, i + length, 1);
                from = i + length;
            }

            i += length;
        }

        found.Add(from, text.Length, 0);
    }
}

/// <summary>Cuts by a regular expression or a literal text.</summary>
internal sealed class SplitPreTokenizer(TextPattern pattern, SplitBehavior behavior, bool invert) : DelimiterPreTokenizer(behavior)
{
    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) =>
        invert || !(pattern.Is(space) || (pattern.IsWords && space == ' ')) ? CutEffect.Spoils : SplitsBefore();

    /// <inheritdoc/>
    protected override void Find(ReadOnlySpan<char> text, SegmentList found)
    {
        int match = invert ? 0 : 1;
        int from = 0;
        int search = 0;
        while (search <= text.Length && pattern.Find(text, search, out int start, out int end))
        {
            found.Add(from, start, 1 - match);
            found.Add(start, end, match);
            from = end;
            search = end > start ? end : end + 1;
        }

        found.Add(from, text.Length, 1 - match);
    }
}

/// <summary>Cuts where the script changes; spaces and common characters join either side, kana counts as Han.</summary>
internal sealed class UnicodeScriptsPreTokenizer : SplittingPreTokenizer
{
    private static readonly (int First, int Last, int Script)[] Scripts =
        [.. UnicodeTables.Labelled("script").Select(r => (r.First, r.Last, int.Parse(r.Label, CultureInfo.InvariantCulture)))];

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        int from = start;
        int current = 0;
        for (int i = start; i < end;)
        {
            int script = ScriptOf(CodePoint.At(units[..end], i, out int length));
            if (script != 0)
            {
                if (current != script && i > start && current != 0)
                {
                    parts.Add(from, i);
                    from = i;
                }

                current = script;
            }

            i += length;
        }

        parts.Add(from, end);
    }

    private static int ScriptOf(int codePoint)
    {
        int low = 0;
        int high = Scripts.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            if (codePoint < Scripts[middle].First)
            {
                high = middle - 1;
            }
            else if (codePoint > Scripts[middle].Last)
            {
                low = middle + 1;
            }
            else
            {
                return Scripts[middle].Script;
            }
        }

        return 0;
    }
}

namespace Atenea.Tokenizers;

/// <summary>What becomes of the delimiters that a pre-tokenizer finds.</summary>
internal enum SplitBehavior
{
    /// <summary>They go.</summary>
    Removed,

    /// <summary>Each is a word of its own.</summary>
    Isolated,

    /// <summary>Each ends the word before it.</summary>
    MergedWithPrevious,

    /// <summary>Each begins the word after it.</summary>
    MergedWithNext,

    /// <summary>Neighbouring delimiters form one word.</summary>
    Contiguous,
}

/// <summary>A pre-tokenizer that finds delimiters and treats them by a behaviour.</summary>
internal abstract class DelimiterPreTokenizer(SplitBehavior behavior) : SplittingPreTokenizer
{
    [ThreadStatic]
    private static SegmentList? Scratch;

    /// <summary>The effect on a cut before a delimiter that follows something else.</summary>
    protected CutEffect SplitsBefore() => behavior == SplitBehavior.MergedWithPrevious ? CutEffect.Spoils : CutEffect.Splits;

    /// <summary>
    /// Adds every stretch of the text in order, delimiters marked by token 1, the rest by token 0. Stretches cover the text.
    /// </summary>
    protected abstract void Find(ReadOnlySpan<char> text, SegmentList found);

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        SegmentList found = Scratch ??= new SegmentList();
        found.Clear();
        Find(units[start..end], found);
        ReadOnlySpan<Segment> items = found.Items;
        int i = 0;
        while (i < items.Length)
        {
            bool match = items[i].Token == 1;
            int from = items[i].Start;
            int last = i;
            switch (behavior)
            {
                case SplitBehavior.Removed when match:
                    i++;
                    continue;
                case SplitBehavior.Contiguous:
                    while (last + 1 < items.Length && items[last + 1].Token == 1 == match)
                    {
                        last++;
                    }

                    break;
                case SplitBehavior.MergedWithPrevious:
                    // Only the first delimiter of a row joins the word before it.
                    if (!match && last + 1 < items.Length && items[last + 1].Token == 1)
                    {
                        last++;
                    }

                    break;
                case SplitBehavior.MergedWithNext:
                    // Only the last delimiter of a row joins the word after it.
                    if (match && last + 1 < items.Length && items[last + 1].Token == 0)
                    {
                        last++;
                    }

                    break;
            }

            parts.Add(start + from, start + items[last].End);
            i = last + 1;
        }
    }
}

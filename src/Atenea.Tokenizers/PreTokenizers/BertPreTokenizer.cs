namespace Atenea.Tokenizers;

/// <summary>BERT's basic tokenisation: words between white space, every punctuation character a word of its own.</summary>
internal sealed class BertPreTokenizer : SplittingPreTokenizer
{
    private const byte Letter = 0;
    private const byte Space = 1;
    private const byte Punctuation = 2;

    private static readonly byte[] Kinds = FindKinds();

    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) => SplitsAt(space);

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        byte[] kinds = Kinds;
        int word = start;
        for (int i = start; i < end;)
        {
            char unit = units[i];
            byte kind = kinds[unit];
            int length = 1;
            if (kind == Letter)
            {
                if (!char.IsHighSurrogate(unit))
                {
                    i++;
                    continue;
                }

                int codePoint = CodePoint.At(units[..end], i, out length);
                if (!UnicodeTables.Punctuation.Contains(codePoint))
                {
                    i += length;
                    continue;
                }

                kind = Punctuation;
            }

            parts.Add(word, i);
            if (kind == Punctuation)
            {
                parts.Add(i, i + length);
            }

            i += length;
            word = i;
        }

        parts.Add(word, end);
    }

    private static byte[] FindKinds()
    {
        var kinds = new byte[0x10000];
        for (int c = 0; c < kinds.Length; c++)
        {
            kinds[c] = UnicodeTables.WhiteSpace.Contains(c) ? Space : UnicodeTables.Punctuation.Contains(c) ? Punctuation : Letter;
        }

        return kinds;
    }
}

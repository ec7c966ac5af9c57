namespace Atenea.Tokenizers;

/// <summary>The words of BERTweet and PhoBERT, <c>\S+\n?</c>: between white space, a line feed staying with the word before it.</summary>
internal sealed class SubwordNmtPreTokenizer : SplittingPreTokenizer
{
    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) => SplitsAt(space);

    /// <inheritdoc/>
    protected override void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts)
    {
        int word = start;
        for (int i = start; i < end; i++)
        {
            if (PythonWhitespace.Contains(units[i]))
            {
                parts.Add(word, i > word && units[i] == '\n' ? i + 1 : i);
                word = i + 1;
            }
        }

        parts.Add(word, end);
    }
}

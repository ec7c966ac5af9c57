namespace Atenea.Tokenizers;

/// <summary>Replaces every match by a text, which then stands for the last character of the match.</summary>
internal sealed class ReplaceNormalizer(TextPattern pattern, string content) : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space)
    {
        if (pattern.Is(space) && content.Length == 1)
        {
            space = content[0];
            return true;
        }

        bool staysText = content.Length > 0 && TextPattern.Literal(content).HoldsNoSpace(space);
        return (pattern.IsSpaceRuns && space == ' ') || (pattern.HoldsNoSpace(space) && staysText);
    }

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => !pattern.Find(text, 0, out _, out _);

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> text = source.Units[start..end];
        int done = 0;
        int search = 0;
        while (search <= text.Length && pattern.Find(text, search, out int from, out int to))
        {
            target.AppendRange(source, start + done, start + from);
            foreach (System.Text.Rune rune in content.EnumerateRunes())
            {
                target.AppendAs(rune.Value, source, Math.Max(start, Math.Min(start + to, end) - 1));
            }

            done = to;
            search = to > from ? to : to + 1;
        }

        target.AppendRange(source, start + done, end);
    }
}

/// <summary>SentencePiece's clean-up for translation models: control characters go, odd spaces become spaces.</summary>
internal sealed class NmtNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        for (int i = start; i < end; i++)
        {
            char unit = source.Units[i];
            if (unit is (>= '\u0001' and <= '\u0008') or '\u000B' or (>= '\u000E' and <= '\u001F') or '\u007F' or '\u008F' or '\u009F')
            {
                continue;
            }

            bool space = unit is '\t' or '\n' or '\f' or '\r' or '\u1680' or (>= '\u200B' and <= '\u200F') or '\u2028' or '\u2029'
                or '\u2581' or '\uFEFF' or '\uFFFD';
            target.AppendParallel(source, i, 1)[0] = space ? ' ' : unit;
        }
    }
}

namespace Atenea.Tokenizers;

/// <summary>Where a metaspace is put before a piece of text.</summary>
internal enum PrependScheme
{
    /// <summary>Before every piece.</summary>
    Always,

    /// <summary>Before the piece that begins the text.</summary>
    First,

    /// <summary>Nowhere.</summary>
    Never,
}

/// <summary>SentencePiece's treatment of spaces: each becomes a visible character, and words begin with it.</summary>
internal sealed class MetaspacePreTokenizer(char replacement, PrependScheme scheme, bool split) : PreTokenizer
{
    /// <inheritdoc/>
    public override bool NeedsAlignment => scheme == PrependScheme.First;

    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space)
    {
        if (space != ' ' && space != replacement) return CutEffect.Spoils;

        space = replacement;
        return split ? CutEffect.Splits : CutEffect.Keeps;
    }

    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        NormalizedText source = workspace.Text;
        NormalizedText target = workspace.NextText();
        SegmentList parts = workspace.NextSegments();
        foreach (Segment segment in workspace.Segments.Items)
        {
            int from = target.Length;
            if (segment.Token != Segment.Plain)
            {
                target.AppendRange(source, segment.Start, segment.End);
                parts.Add(from, target.Length, segment.Token);
                continue;
            }

            ReadOnlySpan<char> units = source.Units[segment.Start..segment.End];
            bool starts = units[0] == replacement || units[0] == ' ';
            bool beginsText = scheme == PrependScheme.First && !source.Continues && source.StartOf(segment.Start) == 0;
            if (!starts && (scheme == PrependScheme.Always || beginsText))
            {
                target.AppendAs(replacement, source, segment.Start);
            }

            units.Replace(target.AppendParallel(source, segment.Start, units.Length), ' ', replacement);
            if (split)
            {
                Cut(target.Units, from, parts);
            }
            else
            {
                parts.Add(from, target.Length);
            }
        }

        workspace.SwapText();
        workspace.SwapSegments();
    }

    private void Cut(ReadOnlySpan<char> units, int from, SegmentList parts)
    {
        while (from < units.Length)
        {
            int next = units[(from + 1)..].IndexOf(replacement);
            int end = next < 0 ? units.Length : from + 1 + next;
            parts.Add(from, end);
            from = end;
        }
    }
}

namespace Atenea.Tokenizers;

/// <summary>What a pre-tokenizer does where a text could be cut: before a single space between two letters or digits.</summary>
internal enum CutEffect
{
    /// <summary>It may look from one side to the other, or is not known not to.</summary>
    Spoils,

    /// <summary>It does nothing there: the word that spans the cut is made of what the two sides give.</summary>
    Keeps,

    /// <summary>A word begins there, and neither side's words depend on the other side.</summary>
    Splits,
}

/// <summary>One step that cuts the plain segments of a workspace into words, and may rewrite them (byte level, metaspace).</summary>
internal abstract class PreTokenizer
{
    /// <summary>Whether the step must know places in the original text even where nobody asks for offsets.</summary>
    public virtual bool NeedsAlignment => false;

    /// <summary>What the step does at a cut that no step before it has split at (<see cref="TextCutter"/>).</summary>
    /// <param name="space">The character that stands at the cut; a step that turns it into another one says so.</param>
    public virtual CutEffect AtCut(ref char space) => CutEffect.Spoils;

    /// <summary>Cuts every plain segment.</summary>
    public abstract void Run(Workspace workspace);

    /// <summary>The effect of a step that splits at white space, where the cut still is white space.</summary>
    protected static CutEffect SplitsAt(char space) => space == ' ' ? CutEffect.Splits : CutEffect.Spoils;
}

/// <summary>A step that only cuts: it sees one segment at a time and names the parts that stay.</summary>
internal abstract class SplittingPreTokenizer : PreTokenizer
{
    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        ReadOnlySpan<char> units = workspace.Text.Units;
        SegmentList parts = workspace.NextSegments();
        foreach (Segment segment in workspace.Segments.Items)
        {
            if (segment.Token == Segment.Plain)
            {
                Split(units, segment.Start, segment.End, parts);
            }
            else
            {
                parts.Add(segment.Start, segment.End, segment.Token);
            }
        }

        workspace.SwapSegments();
    }

    /// <summary>Adds the parts of [start, end) to <paramref name="parts"/>.</summary>
    protected abstract void Split(ReadOnlySpan<char> units, int start, int end, SegmentList parts);
}

/// <summary>Several steps one after the other.</summary>
internal sealed class SequencePreTokenizer(IReadOnlyList<PreTokenizer> steps) : PreTokenizer
{
    /// <inheritdoc/>
    public override bool NeedsAlignment => steps.Any(s => s.NeedsAlignment);

    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space)
    {
        // Once a step has split there, the later ones see two words and cannot look across.
        CutEffect effect = CutEffect.Keeps;
        for (int i = 0; i < steps.Count && effect == CutEffect.Keeps; i++)
        {
            effect = steps[i].AtCut(ref space);
        }

        return effect;
    }

    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        foreach (PreTokenizer step in steps)
        {
            step.Run(workspace);
        }
    }
}

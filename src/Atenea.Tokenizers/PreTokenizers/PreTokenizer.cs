using Atenea.Tokenizers.Text;

namespace Atenea.Tokenizers.PreTokenizers;

/// <summary>One step that cuts the plain segments of a workspace into words, and may rewrite them (byte level, metaspace).</summary>
internal abstract class PreTokenizer
{
    /// <summary>Whether the step must know places in the original text even where nobody asks for offsets.</summary>
    public virtual bool NeedsAlignment => false;

    /// <summary>Cuts every plain segment.</summary>
    public abstract void Run(Workspace workspace);
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
    public override void Run(Workspace workspace)
    {
        foreach (PreTokenizer step in steps)
        {
            step.Run(workspace);
        }
    }
}

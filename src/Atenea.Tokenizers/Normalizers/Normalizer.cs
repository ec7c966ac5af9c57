namespace Atenea.Tokenizers;

/// <summary>One step that rewrites text before it is split.</summary>
internal abstract class Normalizer
{
    /// <summary>Whether the step certainly leaves a text as it is; then it is not copied.</summary>
    public virtual bool Leaves(ReadOnlySpan<char> text) => false;

    /// <summary>
    /// Whether a text may be cut before this step: before a single space between two letters or digits, what the step makes of the two
    /// sides is what it makes of the whole, and the cut still looks so (<see cref="TextCutter"/>).
    /// </summary>
    /// <param name="space">The character that stands at the cut; a step that turns it into another one says so.</param>
    public virtual bool KeepsCuts(ref char space) => false;

    /// <summary>Appends the normalised form of [start, end) of <paramref name="source"/> to <paramref name="target"/>.</summary>
    public abstract void Apply(NormalizedText source, int start, int end, NormalizedText target);

    /// <summary>Runs the step over every plain segment of the workspace.</summary>
    public virtual void Run(Workspace workspace)
    {
        bool leaves = true;
        foreach (Segment segment in workspace.Segments.Items)
        {
            if (segment.Token == Segment.Plain && !Leaves(workspace.Text.Units[segment.Start..segment.End]))
            {
                leaves = false;
                break;
            }
        }

        if (leaves) return;

        NormalizedText source = workspace.Text;
        NormalizedText target = workspace.NextText();
        SegmentList segments = workspace.NextSegments();
        foreach (Segment segment in workspace.Segments.Items)
        {
            int from = target.Length;
            if (segment.Token == Segment.Plain)
            {
                Apply(source, segment.Start, segment.End, target);
            }
            else
            {
                target.AppendRange(source, segment.Start, segment.End);
            }

            segments.Add(from, target.Length, segment.Token);
        }

        workspace.SwapText();
        workspace.SwapSegments();
    }
}

/// <summary>Several steps one after the other.</summary>
internal sealed class SequenceNormalizer(IReadOnlyList<Normalizer> steps) : Normalizer
{
    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text)
    {
        foreach (Normalizer step in steps)
        {
            if (!step.Leaves(text)) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space)
    {
        foreach (Normalizer step in steps)
        {
            if (!step.KeepsCuts(ref space)) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        foreach (Normalizer step in steps)
        {
            step.Run(workspace);
        }
    }

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target) =>
        throw new InvalidOperationException("a sequence runs its steps over a workspace");
}

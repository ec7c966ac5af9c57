using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>The loop counters of one match attempt.</summary>
internal sealed class MatchState(int loops)
{
    /// <summary>Rounds done, per group loop.</summary>
    public int[] Rounds { get; } = new int[loops];

    /// <summary>Where the current round began, per group loop.</summary>
    public int[] RoundStarts { get; } = new int[loops];
}

/// <summary>
/// A node of a compiled pattern. Each knows the node that follows, so a match is one call of the first node:
/// it returns the end of the whole match, or -1, and backtracking is the return from a failed call.
/// </summary>
internal abstract class RegexNode
{
    /// <summary>What must match after this node.</summary>
    public RegexNode Next { get; set; } = null!;

    /// <summary>Matches from a position on.</summary>
    public abstract int Match(ReadOnlySpan<char> text, int at, MatchState state);
}

/// <summary>The end of a pattern or of a lookaround's body.</summary>
internal sealed class AcceptNode : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state) => at;
}

/// <summary>Nothing.</summary>
internal sealed class EmptyNode : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state) => Next.Match(text, at, state);
}

/// <summary>One character of a set.</summary>
internal sealed class SetNode(CodePointSet set) : RegexNode
{
    /// <summary>The length of the character at a position if the set holds it, else 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(ReadOnlySpan<char> text, int at, CodePointSet set)
    {
        if ((uint)at >= (uint)text.Length) return 0;

        char unit = text[at];
        if (!char.IsHighSurrogate(unit)) return set.Contains(unit) ? 1 : 0;

        int codePoint = CodePoint.At(text, at, out int length);
        return set.Contains(codePoint) ? length : 0;
    }

    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        int length = Step(text, at, set);
        return length == 0 ? -1 : Next.Match(text, at + length, state);
    }
}

/// <summary>A repeated character of a set: greedy, lazy or possessive, without recursion.</summary>
internal sealed class SetLoopNode(CodePointSet set, int least, int most, Repetition kind) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        int count = 0;
        int end = at;
        int stop = kind == Repetition.Lazy ? least : most;
        while (count < stop)
        {
            int length = SetNode.Step(text, end, set);
            if (length == 0) break;

            end += length;
            count++;
        }

        if (count < least) return -1;

        while (true)
        {
            int result = Next.Match(text, end, state);
            if (result >= 0 || kind == Repetition.Possessive) return result;

            if (kind == Repetition.Lazy)
            {
                int length = count < most ? SetNode.Step(text, end, set) : 0;
                if (length == 0) return -1;

                end += length;
                count++;
            }
            else
            {
                if (count == least) return -1;

                _ = CodePoint.Before(text, end, out int length);
                end -= length;
                count--;
            }
        }
    }
}

/// <summary>One of several branches, in order.</summary>
internal sealed class AlternationNode(RegexNode[] branches) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        foreach (RegexNode branch in branches)
        {
            int result = branch.Match(text, at, state);
            if (result >= 0) return result;
        }

        return -1;
    }
}

/// <summary>A repeated group. Its body ends in a <see cref="LoopEndNode"/>.</summary>
internal sealed class LoopNode(int index, int least, int most, bool lazy) : RegexNode
{
    /// <summary>The body's first node.</summary>
    public RegexNode Body { get; set; } = null!;

    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        int rounds = state.Rounds[index];
        int start = state.RoundStarts[index];
        state.Rounds[index] = 0;
        int result = Round(text, at, state);
        state.Rounds[index] = rounds;
        state.RoundStarts[index] = start;
        return result;
    }

    /// <summary>Decides on one more round.</summary>
    public int Round(ReadOnlySpan<char> text, int at, MatchState state)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        int rounds = state.Rounds[index];
        int start = state.RoundStarts[index];

        // A round that consumed nothing would go on for ever.
        bool mayRepeat = rounds < most && (rounds <= least || at > start);
        if (rounds < least || (mayRepeat && !lazy))
        {
            int result = Enter(text, at, state, rounds, start);
            if (result >= 0 || rounds < least) return result;
        }

        int rest = Next.Match(text, at, state);
        return rest < 0 && lazy && mayRepeat && rounds >= least ? Enter(text, at, state, rounds, start) : rest;
    }

    private int Enter(ReadOnlySpan<char> text, int at, MatchState state, int rounds, int start)
    {
        state.Rounds[index] = rounds + 1;
        state.RoundStarts[index] = at;
        int result = Body.Match(text, at, state);
        state.Rounds[index] = rounds;
        state.RoundStarts[index] = start;
        return result;
    }
}

/// <summary>The end of a loop's body.</summary>
internal sealed class LoopEndNode(LoopNode loop) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state) => loop.Round(text, at, state);
}

/// <summary>A lookahead or atomic group: the body is matched by itself and never reconsidered.</summary>
internal sealed class LookaheadNode(RegexNode body, bool negative, bool consumes) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        int end = body.Match(text, at, state);
        return end >= 0 == negative ? -1 : Next.Match(text, consumes ? end : at, state);
    }
}

/// <summary>A lookbehind whose body is at most <paramref name="longest"/> UTF-16 units long.</summary>
internal sealed class LookbehindNode(RegexNode body, bool negative, int longest) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        bool found = false;
        for (int start = at; start >= Math.Max(0, at - longest) && !found; start--)
        {
            found = body.Match(text[..at], start, state) == at;
        }

        return found == negative ? -1 : Next.Match(text, at, state);
    }
}

/// <summary>A place: line or text ends, word boundaries.</summary>
internal sealed class AnchorNode(char kind, CodePointSet word) : RegexNode
{
    /// <inheritdoc/>
    public override int Match(ReadOnlySpan<char> text, int at, MatchState state)
    {
        bool holds = kind switch
        {
            'A' => at == 0,
            'z' => at == text.Length,
            'Z' => at == text.Length || (at == text.Length - 1 && text[at] == '\n'),
            '^' => at == 0 || text[at - 1] == '\n',
            '$' => at == text.Length || text[at] == '\n',
            'b' => IsBoundary(text, at),
            _ => !IsBoundary(text, at),
        };
        return holds ? Next.Match(text, at, state) : -1;
    }

    private bool IsBoundary(ReadOnlySpan<char> text, int at)
    {
        bool before = at > 0 && word.Contains(CodePoint.Before(text, at, out _));
        bool after = at < text.Length && word.Contains(CodePoint.At(text, at, out _));
        return before != after;
    }
}

/// <summary>How a repetition gives characters back.</summary>
internal enum Repetition
{
    /// <summary>As many as possible first.</summary>
    Greedy,

    /// <summary>As few as possible first.</summary>
    Lazy,

    /// <summary>As many as possible, for good.</summary>
    Possessive,
}

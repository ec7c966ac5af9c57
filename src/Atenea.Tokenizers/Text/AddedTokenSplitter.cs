using System.Buffers;

namespace Atenea.Tokenizers;

/// <summary>Cuts added tokens out of text: leftmost match, then longest. One instance for raw text, one for normalised text.</summary>
internal sealed class AddedTokenSplitter
{
    private readonly Trie _trie = new();
    private readonly List<AddedToken> _tokens = [];
    private readonly SearchValues<char> _firstUnits;
    private readonly int _longest;

    /// <summary>Creates the splitter for tokens as they look in the text searched.</summary>
    public AddedTokenSplitter(IEnumerable<(string Pattern, AddedToken Token)> patterns)
    {
        var first = new HashSet<char>();
        foreach ((string pattern, AddedToken token) in patterns)
        {
            if (pattern.Length > 0)
            {
                _trie.Add(pattern, _tokens.Count);
                _tokens.Add(token);
                first.Add(pattern[0]);
                _longest = Math.Max(_longest, pattern.Length);
            }
        }

        _firstUnits = SearchValues.Create([.. first]);
    }

    /// <summary>Units of the longest pattern.</summary>
    public int LongestPattern => _longest;

    /// <summary>Whether a pattern may match somewhere in the text and there meet the units [start, end).</summary>
    public bool Touches(ReadOnlySpan<char> text, int start, int end)
    {
        int from = Math.Max(0, start - _longest + 1);
        if (!text[from..end].ContainsAny(_firstUnits)) return false;

        for (int at = from; at < end; at++)
        {
            if (_trie.LongestPrefix(text[at..], out int length) >= 0 && at + length > start) return true;
        }

        return false;
    }

    /// <summary>Special tokens first, as the reference library orders them: the first of two equal patterns wins.</summary>
    public static IEnumerable<AddedToken> InPriority(IReadOnlyList<AddedToken> tokens) =>
        tokens.Where(t => t.Special).Concat(tokens.Where(t => !t.Special));

    /// <summary>The text of an added token after the tokenizer's normalisation.</summary>
    public static string NormalizedPattern(string content, Normalizer? normalizer)
    {
        var workspace = new Workspace();
        workspace.Reset(content, track: false);
        normalizer?.Run(workspace);
        return workspace.Text.Units.ToString();
    }

    /// <summary>Cuts every plain segment of the workspace.</summary>
    public void Run(Workspace workspace)
    {
        ReadOnlySpan<char> units = workspace.Text.Units;
        if (_tokens.Count == 0 || !units.ContainsAny(_firstUnits)) return;

        SegmentList parts = workspace.NextSegments();
        foreach (Segment segment in workspace.Segments.Items)
        {
            if (segment.Token == Segment.Plain)
            {
                Split(units[segment.Start..segment.End], segment.Start, parts);
            }
            else
            {
                parts.Add(segment.Start, segment.End, segment.Token);
            }
        }

        workspace.SwapSegments();
    }

    private void Split(ReadOnlySpan<char> text, int origin, SegmentList parts)
    {
        int done = 0;
        int at = 0;
        while (at < text.Length)
        {
            int next = text[at..].IndexOfAny(_firstUnits);
            if (next < 0) break;

            at += next;
            int found = _trie.LongestPrefix(text[at..], out int length);
            if (found < 0)
            {
                at++;
                continue;
            }

            AddedToken token = _tokens[found];
            int start = at;
            int stop = at + length;
            at = stop;
            if (token.SingleWord && (IsWordBefore(text, start) || IsWordAt(text, stop))) continue;

            if (token.LeftStrip)
            {
                while (start > done && UnicodeTables.WhiteSpace.Contains(text[start - 1]))
                {
                    start--;
                }

                start = Math.Max(start, done);
            }

            if (token.RightStrip)
            {
                while (stop < text.Length && UnicodeTables.WhiteSpace.Contains(text[stop]))
                {
                    stop++;
                }
            }

            parts.Add(origin + done, origin + start);
            parts.Add(origin + start, origin + stop, token.Id);
            done = stop;
        }

        parts.Add(origin + done, origin + text.Length);
    }

    private static bool IsWordBefore(ReadOnlySpan<char> text, int index) =>
        index > 0 && UnicodeTables.Word.Contains(CodePoint.Before(text, index, out _));

    private static bool IsWordAt(ReadOnlySpan<char> text, int index) =>
        index < text.Length && UnicodeTables.Word.Contains(CodePoint.At(text, index, out _));
}

using System.Globalization;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Parses a pattern into a tree, then links the tree into nodes that know their successors.</summary>
internal sealed class RegexParser(string pattern, string where, IReadOnlyList<(int First, int Last)>? word)
{
    private const int Unbounded = int.MaxValue;

    /// <summary>Bounds of a pattern that keep the recursion of parsing and matching within any thread's stack.</summary>
    private const int LongestPattern = 4096;
    private const int DeepestNesting = 200;

    private const int LongestLookbehind = 1 << 16;

    private readonly CharacterClassParser _classes = new(pattern, where, word);
    private int _at;
    private int _depth;
    private bool _ignoreCase;
    private int _loops;

    private abstract record Tree;

    private sealed record Empty : Tree;

    private sealed record One(RangeSet Set) : Tree;

    private sealed record Anchor(char Kind) : Tree;

    private sealed record Chain(List<Tree> Parts) : Tree;

    private sealed record Choice(List<Tree> Branches) : Tree;

    private sealed record Repeat(Tree Body, int Least, int Most, Repetition Kind) : Tree;

    private sealed record Look(Tree Body, bool Behind, bool Negative, bool Consumes) : Tree;

    /// <summary>The first node of the compiled pattern and the number of its group loops.</summary>
    public (RegexNode Start, int Loops) Parse()
    {
        if (pattern.Length > LongestPattern) throw Refused($"a pattern of more than {LongestPattern} characters");
        Tree tree = ParseChoice();
        if (_at < pattern.Length) throw Unsupported("an unmatched ')'");

        return (Link(tree, new AcceptNode()), _loops);
    }

    private Tree ParseChoice()
    {
        if (++_depth > DeepestNesting) throw Unsupported("a group too deep in others");
        List<Tree> branches = [ParseChain()];
        while (_at < pattern.Length && pattern[_at] == '|')
        {
            _at++;
            branches.Add(ParseChain());
        }

        _depth--;
        return branches.Count == 1 ? branches[0] : new Choice(branches);
    }

    private Chain ParseChain()
    {
        List<Tree> parts = [];
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
        {
            parts.Add(ParseQuantified());
        }

        return new Chain(parts);
    }

    private Tree ParseQuantified()
    {
        Tree atom = ParseAtom();
        while (_at < pattern.Length && ReadQuantifier() is { } bounds)
        {
            Repetition kind = Repetition.Greedy;
            if (_at < pattern.Length && pattern[_at] == '?')
            {
                kind = Repetition.Lazy;
                _at++;
            }
            else if (_at < pattern.Length && pattern[_at] == '+' && !bounds.Braces)
            {
                kind = Repetition.Possessive;
                _at++;
            }

            atom = new Repeat(atom, bounds.Least, bounds.Most, kind);
        }

        return atom;
    }

    private (int Least, int Most, bool Braces)? ReadQuantifier()
    {
        switch (pattern[_at])
        {
            case '*':
                _at++;
                return (0, Unbounded, false);
            case '+':
                _at++;
                return (1, Unbounded, false);
            case '?':
                _at++;
                return (0, 1, false);
            case '{':
                int close = pattern.IndexOf('}', _at);
                string[] bounds = close < 0 ? [] : pattern[(_at + 1)..close].Split(',');
                if (bounds.Length is < 1 or > 2 || !bounds.All(b => b.All(char.IsAsciiDigit)) || bounds.All(b => b.Length == 0)
                    || bounds.Any(b => b.Length > 6))
                {
                    return null;
                }

                _at = close + 1;
                int least = bounds[0].Length == 0 ? 0 : int.Parse(bounds[0], CultureInfo.InvariantCulture);
                int most = bounds.Length == 1 ? least
                    : bounds[1].Length == 0 ? Unbounded
                    : int.Parse(bounds[1], CultureInfo.InvariantCulture);
                return (least, most, true);
            default:
                return null;
        }
    }

    private Tree ParseAtom()
    {
        char c = pattern[_at];
        switch (c)
        {
            case '(':
                return ParseGroup();
            case '[':
                return new One(_classes.Class(ref _at, _ignoreCase));
            case '.':
                _at++;
                return new One(RangeSet.Of('\n', '\n').Not());
            case '^' or '$':
                _at++;
                return new Anchor(c);
            case '\\' when _at + 1 < pattern.Length && pattern[_at + 1] is 'A' or 'z' or 'Z' or 'b' or 'B':
                _at += 2;
                return new Anchor(pattern[_at - 1]);
            case '*' or '+' or '?':
                throw Unsupported($"'{c}' with nothing to repeat");
            default:
                return new One(_classes.Character(ref _at, _ignoreCase));
        }
    }

    private Tree ParseGroup()
    {
        bool outerCase = _ignoreCase;
        _at++;
        (bool Behind, bool Negative, bool Consumes)? look = null;
        if (Accept("?:"))
        {
        }
        else if (Accept("?="))
        {
            look = (false, false, false);
        }
        else if (Accept("?!"))
        {
            look = (false, true, false);
        }
        else if (Accept("?<="))
        {
            look = (true, false, false);
        }
        else if (Accept("?<!"))
        {
            look = (true, true, false);
        }
        else if (Accept("?>"))
        {
            look = (false, false, true);
        }
        else if (Accept("?<"))
        {
            int close = pattern.IndexOf('>', _at);
            if (close < 0) throw Unsupported("a group name without end");

            _at = close + 1;
        }
        else if (Accept("?"))
        {
            bool rest = ParseFlags();
            if (rest)
            {
                // Flags without a body hold to the end of the enclosing group.
                Tree following = ParseChoice();
                _ignoreCase = outerCase;
                return following;
            }
        }

        Tree body = ParseChoice();
        if (_at >= pattern.Length) throw Unsupported("a group without end");

        _at++;
        _ignoreCase = outerCase;
        return look is { } l ? new Look(body, l.Behind, l.Negative, l.Consumes) : body;
    }

    private bool ParseFlags()
    {
        bool on = true;
        while (_at < pattern.Length)
        {
            char flag = pattern[_at++];
            switch (flag)
            {
                case 'i':
                    _ignoreCase = on;
                    break;
                case '-':
                    on = false;
                    break;
                case ':':
                    return false;
                case ')':
                    return true;
                default:
                    throw Unsupported($"the group (?{flag}");
            }
        }

        throw Unsupported("a group without end");
    }

    private bool Accept(string text)
    {
        if (string.CompareOrdinal(pattern, _at, text, 0, text.Length) != 0) return false;

        _at += text.Length;
        return true;
    }

    private RegexNode Link(Tree tree, RegexNode next)
    {
        switch (tree)
        {
            case One one:
                return new SetNode(one.Set.Freeze()) { Next = next };
            case Anchor anchor:
                return new AnchorNode(anchor.Kind, _classes.Word.Freeze()) { Next = next };
            case Chain chain:
                for (int i = chain.Parts.Count - 1; i >= 0; i--)
                {
                    next = Link(chain.Parts[i], next);
                }

                return next;
            case Choice choice:
                return new AlternationNode([.. choice.Branches.Select(b => Link(b, next))]);
            case Repeat { Body: One single } repeat:
                return new SetLoopNode(single.Set.Freeze(), repeat.Least, repeat.Most, repeat.Kind) { Next = next };
            case Repeat { Kind: Repetition.Possessive } repeat:
                RegexNode greedy = Link(repeat with { Kind = Repetition.Greedy }, new AcceptNode());
                return new LookaheadNode(greedy, negative: false, consumes: true) { Next = next };
            case Repeat repeat:
                var loop = new LoopNode(_loops++, repeat.Least, repeat.Most, repeat.Kind == Repetition.Lazy) { Next = next };
                loop.Body = Link(repeat.Body, new LoopEndNode(loop));
                return loop;
            case Look { Behind: true } look:
                return new LookbehindNode(Link(look.Body, new AcceptNode()), look.Negative, Longest(look.Body)) { Next = next };
            case Look look:
                return new LookaheadNode(Link(look.Body, new AcceptNode()), look.Negative, look.Consumes) { Next = next };
            default:
                return new EmptyNode { Next = next };
        }
    }

    /// <summary>The most UTF-16 units that a lookbehind's body may take.</summary>
    private int Longest(Tree tree)
    {
        long longest = tree switch
        {
            One => 2,
            Chain chain => chain.Parts.Sum(part => (long)Longest(part)),
            Choice choice => choice.Branches.Max(Longest),
            Repeat repeat => (long)repeat.Most * Longest(repeat.Body),
            _ => 0,
        };
        return longest <= LongestLookbehind ? (int)longest : throw Unsupported("a lookbehind of unbounded length");
    }

    private AteneaException Unsupported(string construct) => Refused($"{construct} at position {_at} of {pattern}");

    private AteneaException Refused(string what) => new(Catalogue.TokenizerRegexUnsupported, what, where);
}

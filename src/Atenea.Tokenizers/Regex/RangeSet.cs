namespace Atenea.Tokenizers;

/// <summary>A set of code points as sorted, disjoint ranges: what character classes are computed with before they are frozen.</summary>
internal sealed class RangeSet
{
    private const int Last = 0x10FFFF;

    private readonly List<(int First, int Last)> _ranges = [];

    /// <summary>Creates a set of the ranges given, in any order.</summary>
    public RangeSet(IEnumerable<(int First, int Last)> ranges)
    {
        foreach ((int first, int last) in ranges.OrderBy(r => r.First))
        {
            if (_ranges.Count > 0 && first <= _ranges[^1].Last + 1)
            {
                _ranges[^1] = (_ranges[^1].First, Math.Max(_ranges[^1].Last, last));
            }
            else
            {
                _ranges.Add((first, last));
            }
        }
    }

    /// <summary>The ranges, ascending.</summary>
    public IReadOnlyList<(int First, int Last)> Ranges => _ranges;

    /// <summary>A set of one range.</summary>
    public static RangeSet Of(int first, int last) => new([(first, last)]);

    /// <summary>Both sets together.</summary>
    public RangeSet Or(RangeSet other) => new(_ranges.Concat(other._ranges));

    /// <summary>What both sets share.</summary>
    public RangeSet And(RangeSet other) => Not().Or(other.Not()).Not();

    /// <summary>Everything outside the set.</summary>
    public RangeSet Not()
    {
        List<(int First, int Last)> outside = [];
        int from = 0;
        foreach ((int first, int last) in _ranges)
        {
            if (first > from)
            {
                outside.Add((from, first - 1));
            }

            from = last + 1;
        }

        if (from <= Last)
        {
            outside.Add((from, Last));
        }

        return new RangeSet(outside);
    }

    /// <summary>
    /// The set with the case variants of its members. Only for sets spelled out in a pattern: large classes hold theirs already.
    /// </summary>
    public RangeSet WithCaseVariants() => new(_ranges.Concat(
        _ranges.SelectMany(r => Enumerable.Range(r.First, r.Last - r.First + 1)).SelectMany(CaseFolding.Variants).Select(c => (c, c))));

    /// <summary>The set in its fast form.</summary>
    public CodePointSet Freeze()
    {
        var set = new CodePointSet();
        foreach ((int first, int last) in _ranges)
        {
            set.Add(first, last);
        }

        return set;
    }
}

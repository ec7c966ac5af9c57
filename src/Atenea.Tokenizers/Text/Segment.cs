namespace Atenea.Tokenizers;

/// <summary>
/// A stretch [Start, End) of a normalised text; <paramref name="Token"/> is the id of an added token, or -1 for plain text.
/// </summary>
internal readonly record struct Segment(int Start, int End, int Token)
{
    /// <summary>Marks a stretch of plain text.</summary>
    public const int Plain = -1;
}

/// <summary>A reusable list of segments in text order. Empty segments are never kept, as in the reference library.</summary>
internal sealed class SegmentList
{
    private Segment[] _items = new Segment[64];

    /// <summary>Number of segments.</summary>
    public int Count { get; private set; }

    /// <summary>The segments.</summary>
    public ReadOnlySpan<Segment> Items => _items.AsSpan(0, Count);

    /// <summary>Forgets all segments.</summary>
    public void Clear() => Count = 0;

    /// <summary>Appends a stretch of plain text, unless it is empty.</summary>
    public void Add(int start, int end) => Add(start, end, Segment.Plain);

    /// <summary>Appends a segment, unless it is empty.</summary>
    public void Add(int start, int end, int token)
    {
        if (end <= start) return;

        if (Count == _items.Length)
        {
            Array.Resize(ref _items, Count * 2);
        }

        _items[Count++] = new Segment(start, end, token);
    }
}

namespace Atenea.Data;

/// <summary>How a row's text was seen before.</summary>
internal enum Sighting
{
    /// <summary>Never, or more rows came before than are remembered.</summary>
    New,

    /// <summary>As it is.</summary>
    Exact,

    /// <summary>But for case, spaces or invisible characters.</summary>
    Near,
}

/// <summary>The first row of a text.</summary>
/// <param name="Exact">The text's own key.</param>
/// <param name="Line">The row's line.</param>
/// <param name="Label">A number for its label.</param>
/// <param name="Split">The number of its split.</param>
internal readonly record struct TextMark(ulong Exact, long Line, int Label, int Split);

/// <summary>Remembers the texts of all splits by their hashes, as many as <see cref="CheckLimits.ComparedRows"/>.</summary>
internal sealed class TextMemory
{
    private readonly Dictionary<ulong, TextMark> _first = [];
    // Texts that differ from the first of their near key only by case and the like, by their own keys.
    private readonly Dictionary<ulong, TextMark> _variants = [];

    /// <summary>Whether rows came that could not be remembered.</summary>
    public bool IsFull { get; private set; }

    /// <summary>Looks a text up, and remembers it if it is new.</summary>
    /// <param name="text">The text.</param>
    /// <param name="line">The line of its row.</param>
    /// <param name="label">A number for its label.</param>
    /// <param name="split">The number of its split.</param>
    /// <param name="earlier">The row that it was first seen in.</param>
    public Sighting Add(ReadOnlySpan<char> text, long line, int label, int split, out TextMark earlier)
    {
        ulong near = TextKeys.Near(text), exact = TextKeys.Exact(text);
        var own = new TextMark(exact, line, label, split);
        if (!_first.TryGetValue(near, out earlier))
        {
            if (HasRoom()) _first.Add(near, own);
            return Sighting.New;
        }

        if (earlier.Exact == exact) return Sighting.Exact;
        // A variant of another split matters more than its repetition in this one.
        if (_variants.TryGetValue(exact, out TextMark variant) && (variant.Split != split || earlier.Split == split))
        {
            earlier = variant;
            return Sighting.Exact;
        }

        if (HasRoom()) _variants.TryAdd(exact, own);
        return Sighting.Near;
    }

    private bool HasRoom()
    {
        bool room = _first.Count + _variants.Count < CheckLimits.ComparedRows;
        IsFull |= !room;
        return room;
    }
}

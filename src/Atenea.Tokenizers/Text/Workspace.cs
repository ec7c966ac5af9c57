namespace Atenea.Tokenizers;

/// <summary>
/// Everything one thread needs to encode a text: two text buffers and two segment lists that the steps write in turn, and the pieces.
/// Workspaces are pooled by the tokenizer, so a warm tokenizer allocates nothing for them.
/// </summary>
internal sealed class Workspace
{
    private NormalizedText _spareText = new();
    private SegmentList _spareSegments = new();

    /// <summary>The text as the steps so far have left it.</summary>
    public NormalizedText Text { get; private set; } = new();

    /// <summary>Its segments, in order.</summary>
    public SegmentList Segments { get; private set; } = new();

    /// <summary>The model's output.</summary>
    public PieceBuffer Pieces { get; } = new();

    /// <summary>Words already tokenised; made at the first use.</summary>
    public WordCache Words => field ??= new WordCache();

    /// <summary>Number of pieces up to the end of each segment; filled where word ids are wanted.</summary>
    public List<int> WordEnds { get; } = [];

    /// <summary>Scratch for models that need arrays of the word's length.</summary>
    public ModelScratch Scratch { get; } = new();

    /// <summary>The spare segment list, emptied; <see cref="SwapSegments"/> makes it the current one.</summary>
    public SegmentList NextSegments()
    {
        _spareSegments.Clear();
        return _spareSegments;
    }

    /// <summary>Makes the list from <see cref="NextSegments"/> current.</summary>
    public void SwapSegments() => (Segments, _spareSegments) = (_spareSegments, Segments);

    /// <summary>The spare text, emptied; <see cref="SwapText"/> makes it the current one.</summary>
    public NormalizedText NextText()
    {
        _spareText.Clear(Text.Tracks, Text.Continues, Text.Lags);
        return _spareText;
    }

    /// <summary>Makes the text from <see cref="NextText"/> current.</summary>
    public void SwapText() => (Text, _spareText) = (_spareText, Text);

    /// <summary>Starts with a new original text, or a later part of one: one plain segment.</summary>
    public void Reset(ReadOnlySpan<char> text, bool track, bool continues = false)
    {
        Text.Reset(text, track, continues);
        Segments.Clear();
        Segments.Add(0, text.Length);
        Pieces.Clear();
    }
}

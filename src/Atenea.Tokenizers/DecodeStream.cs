using System.Runtime.InteropServices;

namespace Atenea.Tokenizers;

/// <summary>
/// Text from ids that come one at a time, as from a generating model. What is pushed out, with <see cref="Flush"/> at the end, is together
/// the text of <see cref="Tokenizer.Decode"/>; a character whose bytes are spread over several ids comes out once it is whole. Memory does
/// not grow with the number of ids. Not safe for use from several threads at once.
/// </summary>
/// <remarks>
/// One difference is inherent: a run of byte pieces (<c>&lt;0xE2&gt;</c>) that turns out invalid is shown by <see cref="Tokenizer.Decode"/>
/// as U+FFFD from its first byte on, and characters that were given out before the invalid byte cannot be taken back.
/// </remarks>
/// <example><code>
/// DecodeStream stream = tokenizer.DecodeStream();
/// foreach (int id in ids)
/// {
///     Console.Write(stream.Push(id));
/// }
///
/// Console.Write(stream.Flush());
/// </code></example>
public sealed class DecodeStream
{
    /// <summary>Ids that are held before the window is cut by force; real characters need a few at most.</summary>
    private const int LongestHold = 32;

    /// <summary>Ids that a cut keeps: many more than one character has bytes.</summary>
    private const int KeptByCut = 16;

    private readonly Tokenizer _tokenizer;
    private readonly bool _skipSpecialTokens;

    /// <summary>The ids that gave the last text, as context (decoders treat a first token differently), and those held back.</summary>
    private readonly List<int> _window = [];

    /// <summary>How many ids of the window are context.</summary>
    private int _context;

    /// <summary>How many characters of the window's text have been given out.</summary>
    private int _given;

    internal DecodeStream(Tokenizer tokenizer, bool skipSpecialTokens)
    {
        _tokenizer = tokenizer;
        _skipSpecialTokens = skipSpecialTokens;
    }

    /// <summary>How many ids are kept, which has a fixed bound.</summary>
    internal int WindowLength => _window.Count;

    /// <summary>The text that an id adds.</summary>
    /// <param name="id">The next id. One outside the vocabulary adds nothing, as in <see cref="Tokenizer.Decode"/>.</param>
    /// <returns>The text; empty while a character (or a word piece's mark) is incomplete, or where the id has no text.</returns>
    public string Push(int id)
    {
        // Ids without text never enter the window: they would push out the context that the next id needs.
        if (_tokenizer.IdToToken(id) is null || (_skipSpecialTokens && _tokenizer.IsSpecial(id))) return "";

        _window.Add(id);
        string text = WindowText();
        if (text.Length > _given && Unfinished(text) == 0)
        {
            string added = text[_given..];
            _window.RemoveRange(0, _context);
            _context = _window.Count;
            _given = WindowText().Length;
            return added;
        }

        return _window.Count - _context >= LongestHold ? Cut(text) : "";
    }

    /// <summary>The text that is still held back, such as incomplete bytes (as U+FFFD). The stream then begins anew.</summary>
    public string Flush()
    {
        string text = WindowText();
        string rest = text.Length > _given ? text[_given..] : "";
        _window.Clear();
        _context = 0;
        _given = 0;
        return rest;
    }

    /// <summary>Gives out all but what may still change, and keeps only the last ids.</summary>
    private string Cut(string text)
    {
        int end = Math.Max(_given, text.Length - Unfinished(text));
        string added = end > _given ? text[_given..end] : "";
        int held = Math.Max(0, text.Length - end);
        _window.RemoveRange(0, _window.Count - KeptByCut);
        _context = 0;
        _given = Math.Max(0, WindowText().Length - held);
        return added;
    }

    private string WindowText() => _tokenizer.Decode(CollectionsMarshal.AsSpan(_window), _skipSpecialTokens);

    /// <summary>How many characters at the text's end the next id may change.</summary>
    private int Unfinished(string text)
    {
        if (_tokenizer.MarksContinuedWords && text.EndsWith("@@", StringComparison.Ordinal)) return 2;

        // A UTF-8 character lacks at most its last byte of four, so that at most three U+FFFD stand for it.
        int count = 0;
        while (count < 3 && count < text.Length && text[^(count + 1)] == '\uFFFD')
        {
            count++;
        }

        return count;
    }
}

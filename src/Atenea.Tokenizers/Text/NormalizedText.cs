using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>
/// Text on its way through the pipeline, with the place in the original text that each UTF-16 unit came from.
/// Alignments are kept only on request and only once a step has moved something; until then a unit stands for itself.
/// </summary>
internal sealed class NormalizedText
{
    private char[] _units = new char[256];
    private int[] _starts = [];
    private int[] _ends = [];
    private bool _identity;

    /// <summary>Number of UTF-16 units.</summary>
    public int Length { get; private set; }

    /// <summary>Whether alignments are wanted.</summary>
    public bool Tracks { get; private set; }

    /// <summary>Whether this is a later part of a longer text, so that its beginning is not the text's.</summary>
    public bool Continues { get; private set; }

    /// <summary>Whether a step's alignment has fallen behind at the end, which a part that follows could not take up.</summary>
    public bool Lags { get; set; }

    /// <summary>The text.</summary>
    public ReadOnlySpan<char> Units => _units.AsSpan(0, Length);

    /// <summary>Takes a new original text. Lone surrogates become U+FFFD, so that every later step sees well-formed text.</summary>
    public void Reset(ReadOnlySpan<char> text, bool track, bool continues = false)
    {
        Clear(track, continues);
        Reserve(text.Length);
        text.CopyTo(_units);
        Length = text.Length;
        _identity = true;
        int at = text.IndexOfAnyInRange('\uD800', '\uDFFF');
        for (; at >= 0 && at < text.Length; at++)
        {
            if (char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
            {
                at++;
            }
            else if (char.IsSurrogate(text[at]))
            {
                _units[at] = '\uFFFD';
            }
        }
    }

    /// <summary>Empties the text for a step that writes into it.</summary>
    public void Clear(bool track, bool continues, bool lags = false)
    {
        Length = 0;
        Tracks = track;
        Continues = continues;
        Lags = lags;
        _identity = false;
    }

    /// <summary>First original unit that the unit at <paramref name="index"/> stands for.</summary>
    public int StartOf(int index)
    {
        if (!_identity) return _starts[index];

        return index > 0 && char.IsLowSurrogate(_units[index]) ? index - 1 : index;
    }

    /// <summary>End (exclusive) of the original units that the unit at <paramref name="index"/> stands for.</summary>
    public int EndOf(int index)
    {
        if (!_identity) return _ends[index];

        return index + 1 < Length && char.IsHighSurrogate(_units[index]) ? index + 2 : index + 1;
    }

    /// <summary>Makes room for <paramref name="more"/> further units, so that the unchecked writers may be used.</summary>
    public void Reserve(int more)
    {
        int needed = Length + more;
        if (needed > _units.Length)
        {
            Array.Resize(ref _units, Math.Max(needed, _units.Length * 2));
        }

        if (Tracks && _starts.Length < _units.Length)
        {
            Array.Resize(ref _starts, _units.Length);
            Array.Resize(ref _ends, _units.Length);
        }
    }

    /// <summary>Appends one unit that stands for the original units [start, end).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(char unit, int start, int end)
    {
        if (Length == _units.Length || (Tracks && Length >= _starts.Length))
        {
            Reserve(1);
        }

        _units[Length] = unit;
        if (Tracks)
        {
            _starts[Length] = start;
            _ends[Length] = end;
        }

        Length++;
    }

    /// <summary>Appends a code point with the alignment of the unit at <paramref name="index"/> of <paramref name="source"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AppendAs(int codePoint, NormalizedText source, int index)
    {
        int start = 0;
        int end = 0;
        if (Tracks)
        {
            start = source.StartOf(index);
            end = source.EndOf(index);
        }

        if (codePoint < 0x10000)
        {
            Append((char)codePoint, start, end);
            return;
        }

        codePoint -= 0x10000;
        Append((char)(0xD800 + (codePoint >> 10)), start, end);
        Append((char)(0xDC00 + (codePoint & 0x3FF)), start, end);
    }

    /// <summary>Appends [start, end) of another text as it is, alignments included.</summary>
    public void AppendRange(NormalizedText source, int start, int end)
    {
        int count = end - start;
        Reserve(count);
        source._units.AsSpan(start, count).CopyTo(_units.AsSpan(Length));
        if (Tracks)
        {
            CopyAlignment(source, start, count);
        }

        Length += count;
    }

    /// <summary>
    /// Reserves <paramref name="count"/> units that stand one for one for the units of <paramref name="source"/> from
    /// <paramref name="start"/>, and returns them to be filled.
    /// </summary>
    public Span<char> AppendParallel(NormalizedText source, int start, int count)
    {
        Reserve(count);
        if (Tracks)
        {
            CopyAlignment(source, start, count);
        }

        Length += count;
        return _units.AsSpan(Length - count, count);
    }

    /// <summary>Room for <paramref name="count"/> units after the end, to be filled and then taken over by <see cref="Commit"/>.</summary>
    public Span<char> Window(int count)
    {
        Reserve(count);
        return _units.AsSpan(Length, count);
    }

    /// <summary>
    /// Takes over <paramref name="count"/> units of the window; they stand one for one for the units of <paramref name="source"/> from
    /// <paramref name="start"/>.
    /// </summary>
    public void Commit(NormalizedText source, int start, int count)
    {
        if (Tracks)
        {
            CopyAlignment(source, start, count);
        }

        Length += count;
    }

    /// <summary>Gives the last code point the alignment of the unit at <paramref name="index"/> of <paramref name="source"/>.</summary>
    public void RealignLast(NormalizedText source, int index)
    {
        if (!Tracks) return;

        int units = char.IsLowSurrogate(_units[Length - 1]) ? 2 : 1;
        _starts.AsSpan(Length - units, units).Fill(source.StartOf(index));
        _ends.AsSpan(Length - units, units).Fill(source.EndOf(index));
    }

    private void CopyAlignment(NormalizedText source, int start, int count)
    {
        if (!source._identity)
        {
            source._starts.AsSpan(start, count).CopyTo(_starts.AsSpan(Length));
            source._ends.AsSpan(start, count).CopyTo(_ends.AsSpan(Length));
            return;
        }

        for (int i = 0; i < count; i++)
        {
            _starts[Length + i] = source.StartOf(start + i);
            _ends[Length + i] = source.EndOf(start + i);
        }
    }
}

using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>The model's output: ids with their stretch of the normalised text, growing and reused, never allocated per token.</summary>
internal sealed class PieceBuffer
{
    private int[] _ids = new int[128];
    private int[] _starts = new int[128];
    private int[] _ends = new int[128];

    /// <summary>Number of pieces.</summary>
    public int Count { get; private set; }

    /// <summary>Their ids.</summary>
    public ReadOnlySpan<int> Ids => _ids.AsSpan(0, Count);

    /// <summary>First unit of each piece in the normalised text.</summary>
    public ReadOnlySpan<int> Starts => _starts.AsSpan(0, Count);

    /// <summary>End (exclusive) of each piece in the normalised text.</summary>
    public ReadOnlySpan<int> Ends => _ends.AsSpan(0, Count);

    /// <summary>Forgets the pieces.</summary>
    public void Clear() => Count = 0;

    /// <summary>Drops the pieces from <paramref name="count"/> on.</summary>
    public void CutTo(int count) => Count = count;

    /// <summary>Appends a piece.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int id, int start, int end)
    {
        int at = Count;
        if (at == _ids.Length)
        {
            Grow(at + 1);
        }

        _ids[at] = id;
        _starts[at] = start;
        _ends[at] = end;
        Count = at + 1;
    }

    /// <summary>Appends pieces kept relative to a word's start: triples of id, start, end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void AddRelative(ReadOnlySpan<int> triples, int origin)
    {
        int at = Count;
        int more = triples.Length / 3;
        if (at + more > _ids.Length)
        {
            Grow(at + more);
        }

        for (int i = 0; i < triples.Length; i += 3)
        {
            _ids[at] = triples[i];
            _starts[at] = triples[i + 1] + origin;
            _ends[at] = triples[i + 2] + origin;
            at++;
        }

        Count = at;
    }

    private void Grow(int needed)
    {
        int size = Math.Max(needed, _ids.Length * 2);
        Array.Resize(ref _ids, size);
        Array.Resize(ref _starts, size);
        Array.Resize(ref _ends, size);
    }
}

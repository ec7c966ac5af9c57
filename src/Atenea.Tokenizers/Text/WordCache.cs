using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tokenizers;

/// <summary>
/// Pieces of words already seen: an open-addressing table from a word to its triples (id, start, end relative to the word).
/// Bounded: when full it forgets everything, which natural text reaches rarely and hostile text cannot abuse.
/// </summary>
internal sealed class WordCache
{
    /// <summary>Longer words are not kept: they hardly return.</summary>
    public const int LongestWord = 128;

    private const int Slots = 1 << 17;
    private const int MostWords = Slots / 2;

    private readonly Entry[] _table = new Entry[Slots];
    private char[] _keys = new char[1 << 14];
    private int[] _values = new int[1 << 14];
    private int _keysUsed;
    private int _valuesUsed;
    private int _count;

    private struct Entry
    {
        public uint Hash;
        public int Key;
        public int Value;
        public ushort KeyLength;
        public ushort ValueLength;
    }

    /// <summary>A hash of a word; remembered between <see cref="TryGet"/> and <see cref="Add"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint HashOf(ReadOnlySpan<char> word)
    {
        const ulong Factor = 0x9E3779B97F4A7C15;
        ref byte bytes = ref Unsafe.As<char, byte>(ref MemoryMarshal.GetReference(word));
        int length = word.Length * 2;
        ulong hash = (ulong)length * Factor;
        int at = 0;
        for (; at + 8 <= length; at += 8)
        {
            ulong next = Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref bytes, at));
            hash = (BitOperations.RotateLeft(hash, 23) ^ next) * Factor;
        }

        ulong tail = 0;
        if ((length & 4) != 0)
        {
            tail = Unsafe.ReadUnaligned<uint>(ref Unsafe.Add(ref bytes, at));
            at += 4;
        }

        if ((length & 2) != 0)
        {
            tail = tail << 16 | Unsafe.ReadUnaligned<ushort>(ref Unsafe.Add(ref bytes, at));
        }

        hash = (BitOperations.RotateLeft(hash, 23) ^ tail) * Factor;

        // The top half is the best mixed; zero marks an empty slot.
        return (uint)(hash >> 32) | 1;
    }

    /// <summary>Finds a word's triples.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryGet(ReadOnlySpan<char> word, uint hash, out ReadOnlySpan<int> triples)
    {
        uint slot = (hash >> 1) & (Slots - 1);
        while (true)
        {
            ref Entry entry = ref _table[slot];
            if (entry.Hash == 0)
            {
                triples = default;
                return false;
            }

            if (entry.Hash == hash && entry.KeyLength == word.Length && word.SequenceEqual(_keys.AsSpan(entry.Key, entry.KeyLength)))
            {
                triples = _values.AsSpan(entry.Value, entry.ValueLength);
                return true;
            }

            slot = (slot + 1) & (Slots - 1);
        }
    }

    /// <summary>Keeps a word's pieces, given with starts and ends in the text where the word begins at <paramref name="origin"/>.</summary>
    public void Add(ReadOnlySpan<char> word, uint hash, PieceBuffer pieces, int firstPiece, int origin)
    {
        int count = pieces.Count - firstPiece;
        if (word.Length > LongestWord || count * 3 > ushort.MaxValue) return;

        if (_count == MostWords)
        {
            Array.Clear(_table);
            _keysUsed = 0;
            _valuesUsed = 0;
            _count = 0;
        }

        if (_keysUsed + word.Length > _keys.Length)
        {
            Array.Resize(ref _keys, _keys.Length * 2);
        }

        while (_valuesUsed + count * 3 > _values.Length)
        {
            Array.Resize(ref _values, _values.Length * 2);
        }

        uint slot = (hash >> 1) & (Slots - 1);
        while (_table[slot].Hash != 0)
        {
            slot = (slot + 1) & (Slots - 1);
        }

        _table[slot] = new Entry
        {
            Hash = hash,
            Key = _keysUsed,
            KeyLength = (ushort)word.Length,
            Value = _valuesUsed,
            ValueLength = (ushort)(count * 3),
        };
        word.CopyTo(_keys.AsSpan(_keysUsed));
        _keysUsed += word.Length;
        for (int i = firstPiece; i < pieces.Count; i++)
        {
            _values[_valuesUsed++] = pieces.Ids[i];
            _values[_valuesUsed++] = pieces.Starts[i] - origin;
            _values[_valuesUsed++] = pieces.Ends[i] - origin;
        }

        _count++;
    }
}

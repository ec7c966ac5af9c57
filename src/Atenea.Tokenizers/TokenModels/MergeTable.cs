using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>Merges by their pair of ids: rank and resulting id, in one open-addressing table.</summary>
internal sealed class MergeTable
{
    private readonly ulong[] _keys;
    private readonly ulong[] _values;
    private readonly int _mask;

    /// <summary>Creates a table for a number of merges.</summary>
    public MergeTable(int count)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(16, count * 2));
        _keys = new ulong[size];
        _values = new ulong[size];
        _mask = size - 1;
    }

    /// <summary>What <see cref="Find"/> returns where there is no merge.</summary>
    public const ulong None = ulong.MaxValue;

    /// <summary>Adds a merge; a pair given again takes its new rank, as in the reference library.</summary>
    public void Add(int left, int right, int rank, int result)
    {
        ulong key = Key(left, right);
        int slot = Slot(key);
        while (_keys[slot] != 0 && _keys[slot] != key)
        {
            slot = (slot + 1) & _mask;
        }

        _keys[slot] = key;
        _values[slot] = (ulong)(uint)rank << 32 | (uint)result;
    }

    /// <summary>The merge of a pair as rank (upper half) and resulting id (lower half), or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Find(int left, int right)
    {
        ulong key = Key(left, right);
        int slot = Slot(key);
        while (true)
        {
            ulong found = _keys[slot];
            if (found == key) return _values[slot];
            if (found == 0) return None;

            slot = (slot + 1) & _mask;
        }
    }

    // One is added to the left id so that no key is zero, which marks an empty slot.
    private static ulong Key(int left, int right) => (ulong)(uint)(left + 1) << 32 | (uint)right;

    private int Slot(ulong key) => (int)((key ^ key >> 29) * 0x9E3779B97F4A7C15 >> 33) & _mask;
}

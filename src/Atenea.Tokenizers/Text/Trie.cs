using System.Runtime.CompilerServices;

namespace Atenea.Tokenizers;

/// <summary>
/// A trie over UTF-16 units whose edges live in one open-addressing table keyed by (node, unit): built in one pass over a vocabulary,
/// one probe per unit when read.
/// </summary>
internal sealed class Trie
{
    /// <summary>The node every walk starts from.</summary>
    public const int Root = 0;

    private ulong[] _keys;
    private int[] _children;
    private int[] _values = new int[1024];
    private int _nodes = 1;
    private int _mask;

    /// <summary>Creates an empty trie.</summary>
    /// <param name="expectedUnits">About how many UTF-16 units will be added in all.</param>
    public Trie(int expectedUnits = 256)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(64, expectedUnits));
        _keys = new ulong[size];
        _children = new int[size];
        _mask = size - 1;
        _values[Root] = -1;
    }

    /// <summary>Adds a key. The first value given for a key stays.</summary>
    public void Add(ReadOnlySpan<char> key, int value)
    {
        int node = Root;
        foreach (char unit in key)
        {
            int child = Child(node, unit);
            if (child < 0)
            {
                child = AddChild(node, unit);
            }

            node = child;
        }

        if (_values[node] < 0)
        {
            _values[node] = value;
        }
    }

    /// <summary>The node that <paramref name="unit"/> leads to, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Child(int node, char unit)
    {
        ulong key = ((ulong)(uint)node << 16 | unit) + 1;
        int slot = SlotOf(key);
        while (true)
        {
            ulong found = _keys[slot];
            if (found == key) return _children[slot];
            if (found == 0) return -1;

            slot = (slot + 1) & _mask;
        }
    }

    /// <summary>The value stored at a node, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int ValueAt(int node) => _values[node];

    /// <summary>The value of the longest key that <paramref name="text"/> starts with, or -1.</summary>
    public int LongestPrefix(ReadOnlySpan<char> text, out int length)
    {
        int node = Root;
        int value = -1;
        length = 0;
        for (int i = 0; i < text.Length; i++)
        {
            node = Child(node, text[i]);
            if (node < 0) break;

            if (_values[node] >= 0)
            {
                value = _values[node];
                length = i + 1;
            }
        }

        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private int SlotOf(ulong key) => (int)(key * 0x9E3779B97F4A7C15 >> 32) & _mask;

    private int AddChild(int node, char unit)
    {
        if (_nodes * 2 > _keys.Length)
        {
            GrowTable();
        }

        if (_nodes == _values.Length)
        {
            Array.Resize(ref _values, _nodes * 2);
        }

        _values[_nodes] = -1;
        Insert(((ulong)(uint)node << 16 | unit) + 1, _nodes);
        return _nodes++;
    }

    private void Insert(ulong key, int child)
    {
        int slot = SlotOf(key);
        while (_keys[slot] != 0)
        {
            slot = (slot + 1) & _mask;
        }

        _keys[slot] = key;
        _children[slot] = child;
    }

    private void GrowTable()
    {
        ulong[] keys = _keys;
        int[] children = _children;
        _keys = new ulong[keys.Length * 2];
        _children = new int[keys.Length * 2];
        _mask = _keys.Length - 1;
        for (int i = 0; i < keys.Length; i++)
        {
            if (keys[i] != 0)
            {
                Insert(keys[i], children[i]);
            }
        }
    }
}

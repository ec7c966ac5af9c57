using System.Buffers.Binary;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// SentencePiece's precompiled character map: a double-array trie (Darts) from UTF-8 text to places in a list of zero-terminated
/// replacements.
/// </summary>
internal sealed class CharacterMap
{
    private readonly uint[] _units;
    private readonly byte[] _replacements;

    /// <summary>Reads the map.</summary>
    public CharacterMap(ReadOnlySpan<byte> map, string where)
    {
        if (map.Length < 4 || BinaryPrimitives.ReadUInt32LittleEndian(map) is uint size && (size > (uint)(map.Length - 4) || size % 4 != 0))
        {
            throw new AteneaException(Catalogue.TokenizerFileInvalid, "the precompiled character map is damaged", where);
        }

        _units = new uint[size / 4];
        for (int i = 0; i < _units.Length; i++)
        {
            _units[i] = BinaryPrimitives.ReadUInt32LittleEndian(map[(4 + i * 4)..]);
        }

        _replacements = map[(4 + (int)size)..].ToArray();
    }

    /// <summary>
    /// The place of the replacement for the shortest key that <paramref name="text"/> starts with, or -1. (The reference library takes the
    /// first match of a prefix search, and replaces the whole text by it.)
    /// </summary>
    public int Find(ReadOnlySpan<byte> text)
    {
        if (_units.Length == 0) return -1;

        uint node = Offset(_units[0]);
        foreach (byte value in text)
        {
            if (value == 0) break;

            node ^= value;
            if (node >= _units.Length || (_units[node] & 0x800000FF) != value) return -1;

            uint unit = _units[node];
            node ^= Offset(unit);
            if ((unit >> 8 & 1) != 0)
            {
                return node < _units.Length && (_units[node] & 0x7FFFFFFF) is uint place && place < _replacements.Length ? (int)place : -1;
            }
        }

        return -1;
    }

    /// <summary>The replacement at a place.</summary>
    public ReadOnlySpan<byte> ReplacementAt(int place)
    {
        ReadOnlySpan<byte> rest = _replacements.AsSpan(place);
        int end = rest.IndexOf((byte)0);
        return end < 0 ? rest : rest[..end];
    }

    private static uint Offset(uint unit) => unit >> 10 << (int)((unit & 0x200) >> 6);
}

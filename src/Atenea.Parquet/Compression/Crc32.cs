using System.Buffers.Binary;

namespace Atenea.Parquet;

/// <summary>The checksum of pages: CRC-32 with gzip's polynomial, eight bytes at a time (slicing-by-8).</summary>
/// <remarks>Source: M. Kounavis, F. Berry, "A Systematic Approach to Building High Performance Software-Based CRC Generators",
/// 2005.</remarks>
internal static class Crc32
{
    private const uint Polynomial = 0xEDB88320;
    private const int Slices = 8;
    private const int Bytes = 256;

    private static readonly uint[] Table = Build();

    /// <summary>The checksum of some bytes, or of bytes that follow others.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="before">The checksum of what came before them.</param>
    public static uint Compute(ReadOnlySpan<byte> data, uint before = 0)
    {
        uint[] table = Table;
        uint crc = ~before;
        for (; data.Length >= Slices; data = data[Slices..])
        {
            uint low = BinaryPrimitives.ReadUInt32LittleEndian(data) ^ crc;
            uint high = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
            crc = table[7 * Bytes + (low & 0xFF)] ^ table[6 * Bytes + ((low >> 8) & 0xFF)]
                ^ table[5 * Bytes + ((low >> 16) & 0xFF)] ^ table[4 * Bytes + (low >> 24)]
                ^ table[3 * Bytes + (high & 0xFF)] ^ table[2 * Bytes + ((high >> 8) & 0xFF)]
                ^ table[Bytes + ((high >> 16) & 0xFF)] ^ table[high >> 24];
        }

        foreach (byte value in data) crc = table[(crc ^ value) & 0xFF] ^ (crc >> 8);
        return ~crc;
    }

    private static uint[] Build()
    {
        var table = new uint[Slices * Bytes];
        for (uint i = 0; i < Bytes; i++)
        {
            uint value = i;
            for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ ((value & 1) * Polynomial);
            table[i] = value;
        }

        for (int i = Bytes; i < table.Length; i++) table[i] = table[table[i - Bytes] & 0xFF] ^ (table[i - Bytes] >> 8);
        return table;
    }
}

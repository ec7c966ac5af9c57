using System.Buffers.Binary;
using System.Numerics;

namespace Atenea.Parquet;

/// <summary>The Huffman coding of Zstandard's literals, RFC 8878 section 4.2.</summary>
internal sealed class HuffmanTable
{
    private const int LongestCode = 11;
    private const int LargestWeightLog = 6;
    private const int MostSymbols = 256;
    private const int JumpTableBytes = 6;

    // Per state: the symbol in the low byte, the length of its code above.
    private readonly ushort[] _entries = new ushort[1 << LongestCode];
    private readonly FseTable _weightTable = new();
    private int _longest;

    /// <summary>Whether a table has been read.</summary>
    public bool IsSet => _longest > 0;

    /// <summary>Reads a table's description.</summary>
    /// <returns>The bytes of the description.</returns>
    /// <exception cref="DamagedException">It makes no sense.</exception>
    public int Read(ReadOnlySpan<byte> data)
    {
        if (data.Length == 0) throw Malformed();
        Span<byte> weights = stackalloc byte[MostSymbols];
        int header = data[0], count, length;
        if (header < 128)
        {
            if (header > data.Length - 1) throw Malformed();
            count = ReadCompressedWeights(data.Slice(1, header), weights);
            length = 1 + header;
        }
        else
        {
            count = header - 127;
            length = 1 + (count + 1) / 2;
            if (length > data.Length) throw Malformed();
            for (int i = 0; i < count; i++) weights[i] = (byte)(i % 2 == 0 ? data[1 + i / 2] >> 4 : data[1 + i / 2] & 15);
        }

        Build(weights, count);
        return length;
    }

    /// <summary>Decodes literals.</summary>
    /// <param name="data">One stream, or a jump table and four.</param>
    /// <param name="output">Receives them.</param>
    /// <param name="isSingle">Whether it is one stream.</param>
    /// <exception cref="DamagedException">The streams do not hold that many literals.</exception>
    public void Decode(ReadOnlySpan<byte> data, Span<byte> output, bool isSingle)
    {
        if (isSingle)
        {
            DecodeStream(data, output);
            return;
        }

        if (data.Length < JumpTableBytes) throw Malformed();
        int part = (output.Length + 3) / 4;
        ReadOnlySpan<byte> rest = data[JumpTableBytes..];
        for (int i = 0; i < 3; i++)
        {
            int size = BinaryPrimitives.ReadUInt16LittleEndian(data[(2 * i)..]);
            if (size > rest.Length || part > output.Length) throw Malformed();
            DecodeStream(rest[..size], output[..part]);
            rest = rest[size..];
            output = output[part..];
        }

        DecodeStream(rest, output);
    }

    private void DecodeStream(ReadOnlySpan<byte> data, Span<byte> output)
    {
        var bits = new BackwardBitReader(data);
        ReadOnlySpan<ushort> entries = _entries;
        int longest = _longest;
        for (int i = 0; i < output.Length; i++)
        {
            ushort entry = entries[(int)bits.Peek(longest)];
            output[i] = (byte)entry;
            bits.Skip(entry >> 8);
        }

        if (bits.Position != 0) throw DamagedException.Compression("a Zstandard stream of literals does not end where it should");
    }

    // Two states take turns; the stream ends when bits beyond its start are asked for.
    private int ReadCompressedWeights(ReadOnlySpan<byte> data, Span<byte> weights)
    {
        int header = _weightTable.Read(data, LargestWeightLog, MostSymbols);
        var bits = new BackwardBitReader(data[header..]);
        int even = (int)bits.Read(_weightTable.AccuracyLog), odd = (int)bits.Read(_weightTable.AccuracyLog);
        int count = 0;
        while (true)
        {
            // Two places are needed at the end, and one more for the weight that is not written.
            if (count + 3 > MostSymbols) throw Malformed();
            weights[count++] = _weightTable.Symbols[even];
            even = _weightTable.Baselines[even] + (int)bits.Read(_weightTable.Bits[even]);
            if (bits.Position < 0)
            {
                weights[count++] = _weightTable.Symbols[odd];
                return count;
            }

            (even, odd) = (odd, even);
        }
    }

    private void Build(Span<byte> weights, int count)
    {
        int sum = 0;
        foreach (byte weight in weights[..count])
        {
            if (weight > LongestCode) throw Malformed();
            if (weight > 0) sum += 1 << (weight - 1);
        }

        if (sum == 0 || count >= MostSymbols) throw Malformed();
        int longest = BitOperations.Log2((uint)sum) + 1;
        int left = (1 << longest) - sum;
        if (longest > LongestCode || !BitOperations.IsPow2(left)) throw Malformed();
        weights[count++] = (byte)(BitOperations.Log2((uint)left) + 1);
        int position = 0;
        for (int weight = 1; weight <= longest; weight++)
        {
            for (int symbol = 0; symbol < count; symbol++)
            {
                if (weights[symbol] != weight) continue;
                int length = longest + 1 - weight;
                int span = 1 << (weight - 1);
                _entries.AsSpan(position, span).Fill((ushort)(symbol | (length << 8)));
                position += span;
            }
        }

        _longest = longest;
    }

    private static DamagedException Malformed() => DamagedException.Compression("a Zstandard Huffman table is malformed");
}

using System.Buffers.Binary;

namespace Atenea.Parquet;

/// <summary>Zstandard frames without dictionaries, RFC 8878 (https://www.rfc-editor.org/rfc/rfc8878).</summary>
internal sealed class ZstandardDecoder
{
    private const uint FrameMagic = 0xFD2FB528;
    private const uint SkippableMagic = 0x184D2A50;
    private const int LargestBlock = 128 * 1024;

    private readonly byte[] _literals = new byte[LargestBlock];
    private readonly HuffmanTable _huffman = new();
    private readonly ZstandardSequences _sequences = new();
    private bool _hasHuffman;

    /// <summary>Decompresses all frames of a page.</summary>
    /// <exception cref="DamagedException">They are damaged or hold more than the output takes.</exception>
    public void Decompress(ReadOnlySpan<byte> input, OutputBuffer output)
    {
        if (input.Length == 0) throw DamagedException.Compression("the page is empty where Zstandard belongs");
        while (input.Length > 0)
        {
            uint magic = input.Length < 4 ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(input);
            if (magic == FrameMagic)
            {
                input = input[4..];
                DecodeFrame(ref input, output);
            }
            else if ((magic & 0xFFFFFFF0) == SkippableMagic)
            {
                Take(ref input, 4);
                uint size = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref input, 4));
                Take(ref input, size > int.MaxValue ? int.MaxValue : (int)size);
            }
            else
            {
                throw DamagedException.Compression("the page is not Zstandard");
            }
        }
    }

    private void DecodeFrame(ref ReadOnlySpan<byte> input, OutputBuffer output)
    {
        int descriptor = Take(ref input, 1)[0];
        bool isSingleSegment = (descriptor & 0x20) != 0, hasChecksum = (descriptor & 4) != 0;
        if ((descriptor & 8) != 0) throw DamagedException.Compression("a Zstandard frame's header is malformed");
        if (!isSingleSegment) Take(ref input, 1); // The window never exceeds the page, which is kept whole.
        int dictionaryBytes = (descriptor & 3) switch { 0 => 0, 1 => 1, 2 => 2, _ => 4 };
        if (Take(ref input, dictionaryBytes).ContainsAnyExcept((byte)0))
            throw DamagedException.Compression("Zstandard with a dictionary is not supported");
        long contentSize = ReadContentSize(ref input, descriptor >> 6, isSingleSegment);
        if (contentSize > output.Remaining)
            throw DamagedException.Compression($"Zstandard says {contentSize} bytes, {output.Remaining} belong to the page");
        int start = output.Length;
        _hasHuffman = false;
        _sequences.Reset(start);
        bool isLast;
        do
        {
            ReadOnlySpan<byte> header = Take(ref input, 3);
            int value = header[0] | (header[1] << 8) | (header[2] << 16);
            isLast = (value & 1) != 0;
            DecodeBlock(ref input, (value >> 1) & 3, value >> 3, output);
        }
        while (!isLast);
        if (contentSize >= 0 && output.Length - start != contentSize)
            throw DamagedException.Compression($"Zstandard ends after {output.Length - start} bytes of {contentSize}");
        if (!hasChecksum) return;
        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(Take(ref input, 4));
        if ((uint)XxHash64.Compute(output.Bytes.AsSpan(start, output.Length - start)) != checksum)
            throw DamagedException.Compression("Zstandard's checksum is wrong");
    }

    private static long ReadContentSize(ref ReadOnlySpan<byte> input, int flag, bool isSingleSegment)
    {
        ulong size = flag switch
        {
            0 when isSingleSegment => Take(ref input, 1)[0],
            0 => ulong.MaxValue,
            1 => BinaryPrimitives.ReadUInt16LittleEndian(Take(ref input, 2)) + 256u,
            2 => BinaryPrimitives.ReadUInt32LittleEndian(Take(ref input, 4)),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(Take(ref input, 8)),
        };
        return flag == 0 && !isSingleSegment ? -1 : size > long.MaxValue ? long.MaxValue : (long)size;
    }

    private void DecodeBlock(ref ReadOnlySpan<byte> input, int type, int size, OutputBuffer output)
    {
        if (size > LargestBlock) throw DamagedException.Compression($"a Zstandard block of {size} bytes");
        switch (type)
        {
            case 0:
                output.Append(Take(ref input, size));
                break;
            case 1:
                output.Room(size).Fill(Take(ref input, 1)[0]);
                output.Advance(size);
                break;
            case 2:
                ReadOnlySpan<byte> block = Take(ref input, size);
                int before = output.Length;
                ReadOnlySpan<byte> literals = DecodeLiterals(ref block);
                _sequences.Decode(block, literals, output, before + LargestBlock);
                break;
            default:
                throw DamagedException.Compression("a Zstandard block is of no known kind");
        }
    }

    private ReadOnlySpan<byte> DecodeLiterals(ref ReadOnlySpan<byte> block)
    {
        if (block.Length == 0) throw DamagedException.Compression("a Zstandard block is empty");
        int type = block[0] & 3, format = (block[0] >> 2) & 3;
        if (type < 2)
        {
            int headerBytes = format switch { 1 => 2, 3 => 3, _ => 1 };
            int header = ReadLittleEndian(Take(ref block, headerBytes));
            int size = headerBytes == 1 ? header >> 3 : header >> 4;
            CheckLiterals(size);
            if (type == 0) return Take(ref block, size);
            _literals.AsSpan(0, size).Fill(Take(ref block, 1)[0]);
            return _literals.AsSpan(0, size);
        }

        int bytes = format switch { 2 => 4, 3 => 5, _ => 3 };
        int bits = format switch { 2 => 14, 3 => 18, _ => 10 };
        long sizes = 0;
        ReadOnlySpan<byte> raw = Take(ref block, bytes);
        for (int i = 0; i < bytes; i++) sizes |= (long)raw[i] << (8 * i);
        int regenerated = (int)(sizes >> 4) & ((1 << bits) - 1), compressed = (int)(sizes >> (4 + bits)) & ((1 << bits) - 1);
        CheckLiterals(regenerated);
        ReadOnlySpan<byte> data = Take(ref block, compressed);
        if (type == 2)
        {
            data = data[_huffman.Read(data)..];
            _hasHuffman = true;
        }
        else if (!_hasHuffman)
        {
            throw DamagedException.Compression("a Zstandard block reuses a table that is not there");
        }

        Span<byte> literals = _literals.AsSpan(0, regenerated);
        _huffman.Decode(data, literals, isSingle: format == 0);
        return literals;
    }

    private static void CheckLiterals(int size)
    {
        if (size > LargestBlock) throw DamagedException.Compression($"a Zstandard block of {size} literals");
    }

    private static int ReadLittleEndian(ReadOnlySpan<byte> bytes)
    {
        int value = 0;
        for (int i = 0; i < bytes.Length; i++) value |= bytes[i] << (8 * i);
        return value;
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> input, int count)
    {
        if (count > input.Length) throw DamagedException.Compression("Zstandard ends too early");
        ReadOnlySpan<byte> taken = input[..count];
        input = input[count..];
        return taken;
    }
}

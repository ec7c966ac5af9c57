namespace Atenea.Parquet;

/// <summary>The sequences of a Zstandard block: so many literals, then a copy from so far back; RFC 8878 section 3.1.1.3.2.</summary>
internal sealed class ZstandardSequences
{
    private const int LiteralLog = 9, OffsetLog = 8, MatchLog = 9;
    private const int LargestOffsetCode = 31;

    private static readonly int[] LiteralBase =
    [
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 20, 22, 24, 28, 32, 40, 48, 64, 128, 256, 512, 1024, 2048, 4096,
        8192, 16384, 32768, 65536,
    ];

    private static readonly byte[] LiteralBits =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    private static readonly int[] MatchBase =
    [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34, 35, 37, 39, 41,
        43, 47, 51, 59, 67, 83, 99, 131, 259, 515, 1027, 2051, 4099, 8195, 16387, 32771, 65539,
    ];

    private static readonly byte[] MatchBits =
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1,
        2, 2, 3, 3, 4, 4, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
    ];

    private static readonly FseTable DefaultLiteral = FseTable.FromDistribution(6,
    [
        4, 3, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 2, 1, 1, 1, 1, 1, -1, -1, -1, -1,
    ]);

    private static readonly FseTable DefaultOffset = FseTable.FromDistribution(5,
    [
        1, 1, 1, 1, 1, 1, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1,
    ]);

    private static readonly FseTable DefaultMatch = FseTable.FromDistribution(6,
    [
        1, 4, 3, 2, 2, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
        1, 1, 1, 1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, -1,
    ]);

    // What a block describes itself; "current" may also be a default.
    private readonly FseTable _ownLiteral = new(), _ownOffset = new(), _ownMatch = new();
    private FseTable? _literal, _offset, _match;
    private int _repeat1, _repeat2, _repeat3;
    private int _frameStart;

    /// <summary>Forgets tables and offsets at the start of a frame.</summary>
    /// <param name="frameStart">The output's length where the frame starts; nothing is copied from before it.</param>
    public void Reset(int frameStart)
    {
        (_literal, _offset, _match) = (null, null, null);
        (_repeat1, _repeat2, _repeat3) = (1, 4, 8);
        _frameStart = frameStart;
    }

    /// <summary>Decodes the sequences of a block into the output.</summary>
    /// <param name="data">The block after its literals.</param>
    /// <param name="literals">The block's literals.</param>
    /// <param name="output">Receives literals and copies.</param>
    /// <param name="end">The output's length that the block may not go beyond.</param>
    /// <exception cref="DamagedException">The sequences make no sense.</exception>
    public void Decode(ReadOnlySpan<byte> data, ReadOnlySpan<byte> literals, OutputBuffer output, int end)
    {
        int count = ReadCount(ref data);
        if (count == 0)
        {
            if (data.Length > 0) throw Malformed();
            output.Append(literals);
            return;
        }

        if (data.Length == 0) throw Malformed();
        int modes = data[0];
        if ((modes & 3) != 0) throw Malformed();
        data = data[1..];
        _literal = ReadTable(ref data, modes >> 6, DefaultLiteral, _ownLiteral, _literal, LiteralLog, LiteralBase.Length);
        _offset = ReadTable(ref data, (modes >> 4) & 3, DefaultOffset, _ownOffset, _offset, OffsetLog, LargestOffsetCode + 1);
        _match = ReadTable(ref data, (modes >> 2) & 3, DefaultMatch, _ownMatch, _match, MatchLog, MatchBase.Length);

        var bits = new BackwardBitReader(data);
        int literalState = (int)bits.Read(_literal.AccuracyLog);
        int offsetState = (int)bits.Read(_offset.AccuracyLog);
        int matchState = (int)bits.Read(_match.AccuracyLog);
        for (int i = 0; i < count; i++)
        {
            int offsetCode = _offset.Symbols[offsetState], matchCode = _match.Symbols[matchState], literalCode = _literal.Symbols[literalState];
            long offsetValue = (1L << offsetCode) + bits.Read(offsetCode);
            int matchLength = MatchBase[matchCode] + (int)bits.Read(MatchBits[matchCode]);
            int literalLength = LiteralBase[literalCode] + (int)bits.Read(LiteralBits[literalCode]);
            if (i + 1 < count)
            {
                literalState = _literal.Baselines[literalState] + (int)bits.Read(_literal.Bits[literalState]);
                matchState = _match.Baselines[matchState] + (int)bits.Read(_match.Bits[matchState]);
                offsetState = _offset.Baselines[offsetState] + (int)bits.Read(_offset.Bits[offsetState]);
            }

            if (bits.Position < 0 || literalLength > literals.Length) throw Malformed();
            output.Append(literals[..literalLength]);
            literals = literals[literalLength..];
            long offset = Offset(offsetValue, literalLength == 0);
            if (offset <= 0 || offset > output.Length - _frameStart || matchLength > end - output.Length) throw Malformed();
            output.Repeat((int)offset, matchLength);
        }

        if (bits.Position != 0 || literals.Length > end - output.Length) throw Malformed();
        output.Append(literals);
    }

    private static int ReadCount(ref ReadOnlySpan<byte> data)
    {
        if (data.Length == 0) throw Malformed();
        int first = data[0];
        int bytes = first < 128 ? 1 : first < 255 ? 2 : 3;
        if (data.Length < bytes) throw Malformed();
        int count = bytes switch { 1 => first, 2 => ((first - 128) << 8) + data[1], _ => data[1] + (data[2] << 8) + 0x7F00 };
        data = data[bytes..];
        return count;
    }

    private static FseTable ReadTable(
        ref ReadOnlySpan<byte> data, int mode, FseTable standard, FseTable own, FseTable? current, int largestLog, int symbolCount)
    {
        switch (mode)
        {
            case 0:
                return standard;
            case 1:
                if (data.Length == 0 || data[0] >= symbolCount) throw Malformed();
                own.SetSingle(data[0]);
                data = data[1..];
                return own;
            case 2:
                data = data[own.Read(data, largestLog, symbolCount)..];
                return own;
            default:
                return current ?? throw Malformed();
        }
    }

    // The last three offsets can be named; without literals the first of them makes no sense and the names shift.
    private long Offset(long value, bool hasNoLiterals)
    {
        long offset;
        if (value > 3)
        {
            offset = value - 3;
            (_repeat3, _repeat2) = (_repeat2, _repeat1);
        }
        else
        {
            int index = (int)value - 1 + (hasNoLiterals ? 1 : 0);
            if (index == 0) return _repeat1;
            offset = index switch { 1 => _repeat2, 2 => _repeat3, _ => _repeat1 - 1 };
            if (index > 1) _repeat3 = _repeat2;
            _repeat2 = _repeat1;
        }

        if (offset > int.MaxValue) throw Malformed();
        _repeat1 = (int)offset;
        return offset;
    }

    private static DamagedException Malformed() => DamagedException.Compression("a Zstandard block's sequences are malformed");
}


namespace Atenea.Parquet;

/// <summary>The kinds of pages, by their number in a file.</summary>
internal enum PageType
{
    /// <summary>Values with their levels, all compressed together.</summary>
    Data = 0,

    /// <summary>An index, which no writer wrote.</summary>
    Index = 1,

    /// <summary>The chunk's dictionary.</summary>
    Dictionary = 2,

    /// <summary>Values with their levels, the levels uncompressed.</summary>
    DataV2 = 3,
}

/// <summary>The header in front of every page.</summary>
internal record struct PageHeader
{
    private const int NoField = -1;

    /// <summary>The kind of page, as its number.</summary>
    public int Type { get; private set; }

    /// <summary>Bytes of the page once decompressed.</summary>
    public int UncompressedSize { get; private set; }

    /// <summary>Bytes of the page in the file, after the header.</summary>
    public int CompressedSize { get; private set; }

    /// <summary>CRC-32 of the bytes in the file; null where the writer gave none.</summary>
    public int? Crc { get; private set; }

    /// <summary>Values of a data page, nulls included, or entries of a dictionary.</summary>
    public int ValueCount { get; private set; }

    /// <summary>The values' encoding, as its number.</summary>
    public int Encoding { get; private set; }

    /// <summary>The encoding of definition levels in a page of the first kind.</summary>
    public int DefinitionEncoding { get; private set; }

    /// <summary>The encoding of repetition levels in a page of the first kind.</summary>
    public int RepetitionEncoding { get; private set; }

    /// <summary>Bytes of definition levels in a page of the second kind.</summary>
    public int DefinitionBytes { get; private set; }

    /// <summary>Bytes of repetition levels in a page of the second kind.</summary>
    public int RepetitionBytes { get; private set; }

    /// <summary>Whether the values of a page of the second kind are compressed.</summary>
    public bool IsCompressed { get; private set; }

    /// <summary>Reads a header.</summary>
    /// <param name="data">The bytes from its start on.</param>
    /// <param name="length">The header's bytes.</param>
    /// <exception cref="ThriftEndException">The header goes on beyond the bytes.</exception>
    /// <exception cref="DamagedException">It is not what the format asks for.</exception>
    public static PageHeader Parse(ReadOnlySpan<byte> data, out int length)
    {
        var reader = new ThriftReader(data);
        var header = new PageHeader
        {
            Type = NoField,
            UncompressedSize = NoField,
            CompressedSize = NoField,
            ValueCount = NoField,
            IsCompressed = true,
        };
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): header.Type = reader.ReadInt32(); break;
                case (2, ThriftType.Int32): header.UncompressedSize = reader.ReadInt32(); break;
                case (3, ThriftType.Int32): header.CompressedSize = reader.ReadInt32(); break;
                case (4, ThriftType.Int32): header.Crc = reader.ReadInt32(); break;
                case (5, ThriftType.Struct): header.ReadData(ref reader); break;
                case (7, ThriftType.Struct): header.ReadDictionary(ref reader); break;
                case (8, ThriftType.Struct): header.ReadDataV2(ref reader); break;
                default: reader.Skip(type); break;
            }
        }

        length = reader.Position;
        header.Check();
        return header;
    }

    private void ReadData(ref ThriftReader reader)
    {
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): ValueCount = reader.ReadInt32(); break;
                case (2, ThriftType.Int32): Encoding = reader.ReadInt32(); break;
                case (3, ThriftType.Int32): DefinitionEncoding = reader.ReadInt32(); break;
                case (4, ThriftType.Int32): RepetitionEncoding = reader.ReadInt32(); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadDictionary(ref ThriftReader reader)
    {
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): ValueCount = reader.ReadInt32(); break;
                case (2, ThriftType.Int32): Encoding = reader.ReadInt32(); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadDataV2(ref ThriftReader reader)
    {
        int field = 0;
        while (reader.ReadField(ref field, out ThriftType type))
        {
            switch (field, type)
            {
                case (1, ThriftType.Int32): ValueCount = reader.ReadInt32(); break;
                case (4, ThriftType.Int32): Encoding = reader.ReadInt32(); break;
                case (5, ThriftType.Int32): DefinitionBytes = reader.ReadInt32(); break;
                case (6, ThriftType.Int32): RepetitionBytes = reader.ReadInt32(); break;
                case (7, _): IsCompressed = ThriftReader.IsTrue(type); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private readonly void Check()
    {
        if (Type is not ((int)PageType.Data or (int)PageType.Index or (int)PageType.Dictionary or (int)PageType.DataV2))
            throw DamagedException.Page($"there is no page kind {Type}");
        if (UncompressedSize < 0 || CompressedSize < 0)
            throw DamagedException.Page($"a page of {CompressedSize} bytes that decompress to {UncompressedSize}");
        if (Type != (int)PageType.Index && ValueCount < 0) throw DamagedException.Page($"a page of {ValueCount} values");
        if (Type != (int)PageType.DataV2) return;
        long levels = (long)DefinitionBytes + RepetitionBytes;
        if (DefinitionBytes < 0 || RepetitionBytes < 0 || levels > CompressedSize || levels > UncompressedSize)
            throw DamagedException.Page($"a page of {CompressedSize} bytes with {RepetitionBytes} and {DefinitionBytes} bytes of levels");
    }
}

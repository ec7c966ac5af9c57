namespace Atenea.Parquet;

/// <summary>The physical types, by their number in a file.</summary>
public enum PhysicalType
{
    /// <summary>One bit.</summary>
    Boolean = 0,

    /// <summary>A signed number of 32 bits.</summary>
    Int32 = 1,

    /// <summary>A signed number of 64 bits.</summary>
    Int64 = 2,

    /// <summary>The deprecated time stamp: 64 bits of nanoseconds within the day, 32 bits of Julian day.</summary>
    Int96 = 3,

    /// <summary>IEEE 754, 32 bits.</summary>
    Float = 4,

    /// <summary>IEEE 754, 64 bits.</summary>
    Double = 5,

    /// <summary>Bytes with a length of their own.</summary>
    ByteArray = 6,

    /// <summary>Bytes of the column's length.</summary>
    FixedLengthByteArray = 7,
}

/// <summary>How often a schema element occurs, by its number in a file.</summary>
internal enum Repetition
{
    /// <summary>Once.</summary>
    Required = 0,

    /// <summary>Once or not at all.</summary>
    Optional = 1,

    /// <summary>Any number of times.</summary>
    Repeated = 2,
}

/// <summary>How values are written, by the number in a page's header.</summary>
internal enum ValueEncoding
{
    /// <summary>One after another.</summary>
    Plain = 0,

    /// <summary>Indices into the dictionary page, the name of old writers.</summary>
    PlainDictionary = 2,

    /// <summary>Runs and bit-packed groups.</summary>
    Rle = 3,

    /// <summary>The deprecated encoding of levels: bits from the most significant down.</summary>
    BitPacked = 4,

    /// <summary>Differences of integers.</summary>
    DeltaBinaryPacked = 5,

    /// <summary>All lengths, then all bytes.</summary>
    DeltaLengthByteArray = 6,

    /// <summary>Lengths shared with the value before, then what follows.</summary>
    DeltaByteArray = 7,

    /// <summary>Indices into the dictionary page.</summary>
    RleDictionary = 8,

    /// <summary>First bytes of all values, then all second bytes, and so on.</summary>
    ByteStreamSplit = 9,
}

/// <summary>How pages are compressed, by the number in a column's metadata.</summary>
internal enum CompressionCodec
{
    /// <summary>Not at all.</summary>
    Uncompressed = 0,

    /// <summary>Snappy's raw format.</summary>
    Snappy = 1,

    /// <summary>gzip.</summary>
    Gzip = 2,

    /// <summary>LZO, which is not supported.</summary>
    Lzo = 3,

    /// <summary>Brotli.</summary>
    Brotli = 4,

    /// <summary>LZ4 blocks in Hadoop's framing, deprecated.</summary>
    Lz4 = 5,

    /// <summary>Zstandard.</summary>
    Zstandard = 6,

    /// <summary>One LZ4 block.</summary>
    Lz4Raw = 7,
}

/// <summary>An element of the schema as the footer lists them, depth first.</summary>
internal sealed record SchemaElement
{
    /// <summary>The name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The physical type; null for a group.</summary>
    public int? Type { get; init; }

    /// <summary>Bytes of a fixed-length value.</summary>
    public int TypeLength { get; init; }

    /// <summary>How often it occurs; null for the root.</summary>
    public int? Repetition { get; init; }

    /// <summary>Children that follow; zero for a column.</summary>
    public int ChildCount { get; init; }

    /// <summary>The old logical type, if it has one.</summary>
    public int? ConvertedType { get; init; }

    /// <summary>Decimals of a decimal number.</summary>
    public int Scale { get; init; }

    /// <summary>Digits of a decimal number.</summary>
    public int Precision { get; init; }

    /// <summary>The logical type, if it has one.</summary>
    public LogicalAnnotation? Logical { get; init; }
}

/// <summary>A logical type as the footer has it.</summary>
/// <param name="Kind">The number of the union's field.</param>
internal sealed record LogicalAnnotation(int Kind)
{
    /// <summary>Decimals of a decimal number.</summary>
    public int Scale { get; init; }

    /// <summary>Digits of a decimal number.</summary>
    public int Precision { get; init; }

    /// <summary>Whether times are instants in UTC.</summary>
    public bool IsUtc { get; init; }

    /// <summary>The unit of times: 1 milliseconds, 2 microseconds, 3 nanoseconds.</summary>
    public int Unit { get; init; }

    /// <summary>Bits of an integer.</summary>
    public int BitWidth { get; init; }

    /// <summary>Whether an integer is signed.</summary>
    public bool IsSigned { get; init; }
}

/// <summary>A column's part of a row group.</summary>
internal sealed record ColumnChunk
{
    /// <summary>Whether the chunk has metadata in the footer at all.</summary>
    public bool HasMetadata { get; init; }

    /// <summary>Whether it is encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>Another file that holds the data, which old tools could write.</summary>
    public string? FilePath { get; init; }

    /// <summary>The physical type.</summary>
    public int Type { get; init; }

    /// <summary>The codec's number.</summary>
    public int Codec { get; init; }

    /// <summary>Values, nulls included.</summary>
    public long ValueCount { get; init; }

    /// <summary>Bytes of all pages with their headers, uncompressed.</summary>
    public long UncompressedSize { get; init; }

    /// <summary>Bytes of all pages with their headers, in the file.</summary>
    public long CompressedSize { get; init; }

    /// <summary>Where the first data page starts.</summary>
    public long DataPageOffset { get; init; }

    /// <summary>Where the dictionary page starts; zero without one.</summary>
    public long DictionaryPageOffset { get; init; }
}

/// <summary>A row group.</summary>
/// <param name="Columns">Its columns in the order of the schema.</param>
/// <param name="RowCount">Its rows.</param>
internal sealed record RowGroup(ColumnChunk[] Columns, long RowCount);

/// <summary>The footer.</summary>
/// <param name="Schema">The schema's elements, depth first.</param>
/// <param name="RowCount">All rows.</param>
/// <param name="RowGroups">The row groups.</param>
/// <param name="KeyValues">The metadata for applications.</param>
/// <param name="CreatedBy">The program that wrote the file.</param>
internal sealed record FileMetadata(
    SchemaElement[] Schema, long RowCount, RowGroup[] RowGroups, IReadOnlyList<KeyValuePair<string, string>> KeyValues, string? CreatedBy);

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Atenea.Parquet;

/// <summary>Reads a column of numbers.</summary>
/// <typeparam name="T">The physical type.</typeparam>
internal sealed class NumberReader<T>(LeafColumn leaf, ColumnChunkReader chunk) : LeafReader(leaf, chunk)
    where T : unmanaged
{
    private T[]? _dictionary;
    private ValueDecoder<T>? _decoder;
    private T[] _values = [];

    /// <inheritdoc/>
    public override ColumnVector BuildVector(ParquetField field, bool[]? valid, int count) =>
        new ValueVector<T>(field, Spread(_values, ValueCount, valid, count), valid, count);

    /// <inheritdoc/>
    protected override void BeginBatch(int rows) => _values = new T[rows]; // The last batch's belong to its vector.

    /// <inheritdoc/>
    protected override void ReadValues(int from, int count)
    {
        _values = Grow(_values, from, from + count);
        _decoder!.Read(_values.AsSpan(from, count));
    }

    /// <inheritdoc/>
    protected override void SetDictionary(DictionaryPage page)
    {
        if (typeof(T) == typeof(bool)) throw DamagedException.Page("a dictionary of truth values");
        if ((long)page.Count * Unsafe.SizeOf<T>() > page.End)
            throw DamagedException.Page($"a dictionary of {page.Count} entries in {page.End} bytes");
        _dictionary = new T[page.Count];
        new PlainDecoder<T>(page.Data, 0, page.End).Read(_dictionary);
    }

    /// <inheritdoc/>
    protected override void SetPage(DataPage page) => _decoder = Open(page);

    private ValueDecoder<T> Open(DataPage page)
    {
        (byte[] data, int start, int end) = (page.Data, page.Start, page.End);
        object? decoder = (ValueEncoding)page.Encoding switch
        {
            ValueEncoding.Plain when typeof(T) == typeof(bool) => new PlainBooleanDecoder(data, start, end),
            ValueEncoding.Plain => new PlainDecoder<T>(data, start, end),
            ValueEncoding.PlainDictionary or ValueEncoding.RleDictionary => new DictionaryDecoder<T>(
                DictionaryIndices.Open(data, start, end), _dictionary ?? throw DamagedException.Page("its dictionary is missing")),
            ValueEncoding.Rle when typeof(T) == typeof(bool) => new RunBooleanDecoder(OpenRuns(page)),
            ValueEncoding.DeltaBinaryPacked when typeof(T) == typeof(int) => new DeltaInt32Decoder(new DeltaDecoder(data, start, end)),
            ValueEncoding.DeltaBinaryPacked when typeof(T) == typeof(long) => new DeltaInt64Decoder(new DeltaDecoder(data, start, end)),
            ValueEncoding.ByteStreamSplit when typeof(T) != typeof(bool) && typeof(T) != typeof(Int96) =>
                new StreamSplitDecoder<T>(new StreamSplit(data, start, end, Unsafe.SizeOf<T>())),
            _ => null,
        };
        return (ValueDecoder<T>?)decoder ?? throw UnsupportedEncoding(page.Encoding);
    }

    private static HybridDecoder OpenRuns(DataPage page)
    {
        int position = page.Start;
        if (page.End - position < sizeof(int)) throw DamagedException.Page("the page ends before its truth values");
        int length = BinaryPrimitives.ReadInt32LittleEndian(page.Data.AsSpan(position));
        position += sizeof(int);
        if (length < 0 || length > page.End - position)
            throw DamagedException.Page($"{(uint)length} bytes of truth values, {page.End - position} remain");
        return new HybridDecoder(page.Data, position, position + length, 1);
    }
}

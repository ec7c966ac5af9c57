using System.Text.Unicode;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Reads a column of byte arrays, of any or of one length.</summary>
internal sealed class BytesReader(LeafColumn leaf, ColumnChunkReader chunk) : LeafReader(leaf, chunk)
{
    private BytesDictionary? _dictionary;
    private BytesDecoder? _decoder;
    private ByteRange[] _values = [];
    private BatchBuffers _buffers = new();

    private bool IsFixed => Leaf.Type.Physical == PhysicalType.FixedLengthByteArray;

    private bool IsText => Leaf.Type.Kind == ValueKind.Text;

    /// <inheritdoc/>
    public override ColumnVector BuildVector(ParquetField field, bool[]? valid, int count)
    {
        if (IsText && _buffers.IsUnchecked) CheckText();
        return new BytesVector(field, _buffers.Buffers, Spread(_values, ValueCount, valid, count), valid, count);
    }

    /// <inheritdoc/>
    protected override void BeginBatch(int rows)
    {
        _values = new ByteRange[rows]; // The last batch's belong to its vector, and so do its buffers.
        _buffers = new BatchBuffers();
    }

    /// <inheritdoc/>
    protected override void ReadValues(int from, int count)
    {
        _values = Grow(_values, from, from + count);
        Span<ByteRange> target = _values.AsSpan(from, count);
        _decoder!.Read(target, _buffers);
        if (!IsFixed) return;
        foreach (ByteRange value in target)
        {
            if (value.Length != Leaf.Type.FixedLength)
                throw DamagedException.Page($"a value of {value.Length} bytes, not {Leaf.Type.FixedLength}");
        }
    }

    /// <inheritdoc/>
    protected override void SetDictionary(DictionaryPage page)
    {
        // An entry takes its length at least.
        if ((long)page.Count * (IsFixed ? Leaf.Type.FixedLength : sizeof(int)) > page.End)
            throw DamagedException.Page($"a dictionary of {page.Count} entries in {page.End} bytes");
        var entries = new ByteRange[page.Count];
        OpenPlain(page.Data, 0, page.End).Read(entries, new BatchBuffers());
        bool isChecked = true;
        if (IsText)
        {
            foreach (ByteRange entry in entries) isChecked &= Utf8.IsValid(page.Data.AsSpan(entry.Start, entry.Length));
        }

        _dictionary = new BytesDictionary(page.Data, entries, isChecked);
    }

    /// <inheritdoc/>
    protected override void SetPage(DataPage page)
    {
        (byte[] data, int start, int end) = (page.Data, page.Start, page.End);
        _decoder = (ValueEncoding)page.Encoding switch
        {
            ValueEncoding.Plain => OpenPlain(data, start, end),
            ValueEncoding.PlainDictionary or ValueEncoding.RleDictionary => new DictionaryBytesDecoder(
                DictionaryIndices.Open(data, start, end), _dictionary ?? throw DamagedException.Page("its dictionary is missing")),
            ValueEncoding.DeltaLengthByteArray when !IsFixed => new DeltaLengthDecoder(data, start, end),
            ValueEncoding.DeltaByteArray => new DeltaBytesDecoder(data, start, end),
            ValueEncoding.ByteStreamSplit when IsFixed =>
                new StreamSplitBytesDecoder(new StreamSplit(data, start, end, Leaf.Type.FixedLength), Leaf.Type.FixedLength),
            _ => throw UnsupportedEncoding(page.Encoding),
        };
    }

    private BytesDecoder OpenPlain(byte[] data, int start, int end) =>
        IsFixed ? new FixedBytesDecoder(data, start, end, Leaf.Type.FixedLength) : new PlainBytesDecoder(data, start, end);

    private void CheckText()
    {
        for (int i = 0; i < ValueCount; i++)
        {
            ByteRange value = _values[i];
            if (Utf8.IsValid(_buffers.Buffers[value.Buffer].AsSpan(value.Start, value.Length))) continue;
            throw new TextInvalidException(RowOf(i));
        }
    }

    // The row within the batch of a value that is not null.
    private int RowOf(int value)
    {
        int row = -1;
        for (int level = 0; level < LevelCount; level++)
        {
            if (Leaf.MaxRepetition == 0 || Repetitions[level] == 0) row++;
            if (Leaf.MaxDefinition > 0 && Definitions[level] != Leaf.MaxDefinition) continue;
            if (value-- == 0) break;
        }

        return row;
    }
}

/// <summary>A text that is not UTF-8; who knows the batch's first row says which row it is.</summary>
/// <param name="row">The row within the batch.</param>
internal sealed class TextInvalidException(int row) : DamagedException(Catalogue.ParquetTextInvalid, "bytes that are not UTF-8")
{
    /// <summary>The row within the batch.</summary>
    public int Row { get; } = row;
}

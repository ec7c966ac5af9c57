using System.IO.Hashing;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Reads the pages of one column of one row group, one at a time.</summary>
internal sealed class ColumnChunkReader
{
    // PARQUET-816: old writers did not count the header of the dictionary page.
    private const int UncountedHeader = 100;
    private const int FirstHeaderBytes = 256;
    private const int LargestHeader = 16 << 20;

    private readonly LeafColumn _leaf;
    private readonly ChunkWindow _window;
    private readonly CompressionCodec _codec;
    private readonly bool _isReusing;
    private byte[] _reused = [];
    private bool _hasDictionary;

    /// <summary>Starts at the chunk's first page.</summary>
    /// <param name="file">The file.</param>
    /// <param name="chunk">Where the chunk lies and how it is compressed.</param>
    /// <param name="leaf">The column.</param>
    /// <param name="dataEnd">Where the footer starts.</param>
    /// <param name="windowSize">Bytes to read at a time.</param>
    /// <exception cref="DamagedException">The chunk lies outside the file, or its codec is not supported.</exception>
    public ColumnChunkReader(FileBytes file, ColumnChunk chunk, LeafColumn leaf, long dataEnd, int windowSize)
    {
        PageDecompressor.Check(chunk.Codec);
        _leaf = leaf;
        _codec = (CompressionCodec)chunk.Codec;
        // Numbers are copied out of their page; bytes are pointed at and need pages of their own.
        _isReusing = leaf.Type.Physical is not (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray);
        RemainingValues = chunk.ValueCount;
        bool hasDictionary = chunk.DictionaryPageOffset > 0 && chunk.DictionaryPageOffset < chunk.DataPageOffset;
        long start = hasDictionary ? chunk.DictionaryPageOffset : chunk.DataPageOffset;
        if (chunk.ValueCount == 0) start = dataEnd = ParquetFile.MagicBytes; // An empty chunk need not have a place.
        else if (start < ParquetFile.MagicBytes || chunk.CompressedSize < 0 || start > dataEnd || chunk.CompressedSize > dataEnd - start)
        {
            throw new DamagedException(Catalogue.ParquetFooterMalformed,
                $"{chunk.CompressedSize} bytes from {start} on, the pages end at {dataEnd}");
        }

        _window = new ChunkWindow(file, start, Math.Min(dataEnd, start + chunk.CompressedSize + UncountedHeader), windowSize);
    }

    /// <summary>Values that the pages to come must have, nulls included.</summary>
    public long RemainingValues { get; private set; }

    /// <summary>Pages read, for messages.</summary>
    public int PageCount { get; private set; }

    /// <summary>Reads the next data page.</summary>
    /// <param name="onDictionary">Takes the dictionary page in front of it.</param>
    /// <returns>Null after the last one.</returns>
    /// <exception cref="DamagedException">The page is damaged.</exception>
    public DataPage? Next(Action<DictionaryPage> onDictionary)
    {
        while (RemainingValues > 0)
        {
            PageHeader header = ReadHeader();
            if (header.CompressedSize > _window.Remaining)
                throw DamagedException.Page($"a page of {header.CompressedSize} bytes, {_window.Remaining} remain of the column");
            ArraySegment<byte> body = _window.Peek(header.CompressedSize)[..header.CompressedSize];
            if (header.Crc is { } crc && Crc32.HashToUInt32(body) is var actual && actual != (uint)crc)
                throw new DamagedException(Catalogue.ParquetChecksumWrong, $"{actual:x8}, its header says {(uint)crc:x8}");
            DataPage? page = null;
            switch ((PageType)header.Type)
            {
                case PageType.Dictionary:
                    onDictionary(ReadDictionary(header, body));
                    break;
                case PageType.Data:
                    page = ReadFirstKind(header, body);
                    break;
                case PageType.DataV2:
                    page = ReadSecondKind(header, body);
                    break;
            }

            _window.Advance(header.CompressedSize);
            PageCount++;
            if (page is null) continue;
            if (page.ValueCount > RemainingValues)
            {
                throw new DamagedException(Catalogue.ParquetCountsDiffer,
                    $"a page of {page.ValueCount} values, {RemainingValues} remain of the column");
            }

            RemainingValues -= page.ValueCount;
            return page;
        }

        return null;
    }

    private PageHeader ReadHeader()
    {
        for (int bytes = FirstHeaderBytes; ; bytes *= 4)
        {
            ArraySegment<byte> data = _window.Peek(bytes);
            if (data.Count == 0)
                throw new DamagedException(Catalogue.ParquetCountsDiffer, $"the pages end, {RemainingValues} values are missing");
            try
            {
                PageHeader header = PageHeader.Parse(data, out int length);
                _window.Advance(length);
                return header;
            }
            catch (ThriftEndException) when (data.Count < _window.Remaining && bytes < LargestHeader)
            {
                // Statistics can make a header large: look further.
            }
            catch (DamagedException e) when (e.Code == Catalogue.ParquetFooterMalformed)
            {
                throw DamagedException.Page($"its header: {e.Message}");
            }
        }
    }

    private DictionaryPage ReadDictionary(PageHeader header, ArraySegment<byte> body)
    {
        if (_hasDictionary) throw DamagedException.Page("a second dictionary");
        _hasDictionary = true;
        if (header.Encoding is not ((int)ValueEncoding.Plain or (int)ValueEncoding.PlainDictionary))
            throw new DamagedException(Catalogue.ParquetEncodingUnsupported, $"a dictionary in encoding number {header.Encoding}");
        byte[] data = [];
        Decompress(body, header.UncompressedSize, 0, isCompressed: true, ref data);
        return new DictionaryPage(data, header.UncompressedSize, header.ValueCount);
    }

    private DataPage ReadFirstKind(PageHeader header, ArraySegment<byte> body)
    {
        byte[] data = _isReusing ? _reused : [];
        Decompress(body, header.UncompressedSize, 0, isCompressed: true, ref data);
        if (_isReusing) _reused = data;
        int position = 0, end = header.UncompressedSize, count = header.ValueCount;
        LevelReader? repetitions = _leaf.MaxRepetition == 0 ? null
            : LevelReader.ForFirstKind(data, ref position, end, _leaf.MaxRepetition, header.RepetitionEncoding, count);
        LevelReader? definitions = _leaf.MaxDefinition == 0 ? null
            : LevelReader.ForFirstKind(data, ref position, end, _leaf.MaxDefinition, header.DefinitionEncoding, count);
        return new DataPage(data, position, end, header.Encoding, count, definitions, repetitions);
    }

    private DataPage ReadSecondKind(PageHeader header, ArraySegment<byte> body)
    {
        byte[] data = _isReusing ? _reused : [];
        int levels = header.RepetitionBytes + header.DefinitionBytes;
        Decompress(body, header.UncompressedSize, levels, header.IsCompressed, ref data);
        if (_isReusing) _reused = data;
        LevelReader? repetitions = _leaf.MaxRepetition == 0 ? null
            : LevelReader.ForSecondKind(data, 0, header.RepetitionBytes, _leaf.MaxRepetition);
        LevelReader? definitions = _leaf.MaxDefinition == 0 ? null
            : LevelReader.ForSecondKind(data, header.RepetitionBytes, levels, _leaf.MaxDefinition);
        return new DataPage(data, levels, header.UncompressedSize, header.Encoding, header.ValueCount, definitions, repetitions);
    }

    /// <summary>Decompresses what follows the first <paramref name="plain"/> bytes, which are copied.</summary>
    private void Decompress(ArraySegment<byte> body, int size, int plain, bool isCompressed, ref byte[] data)
    {
        if (_codec == CompressionCodec.Uncompressed || !isCompressed)
        {
            if (body.Count != size) throw DamagedException.Page($"an uncompressed page of {body.Count} bytes says {size}");
            if (data.Length < size) data = GC.AllocateUninitializedArray<byte>(size);
            body.AsSpan().CopyTo(data);
            return;
        }

        ArraySegment<byte> compressed = body[plain..];
        if (plain == 0)
        {
            if (size > 0 || compressed.Count > 0) PageDecompressor.Decompress(_codec, compressed, size, ref data);
            return;
        }
        // Nothing but nulls: some writers leave no compressed bytes at all.
        byte[] values = [];
        if (size > plain) PageDecompressor.Decompress(_codec, compressed, size - plain, ref values);
        if (data.Length < size) data = GC.AllocateUninitializedArray<byte>(size);
        body.AsSpan(0, plain).CopyTo(data);
        values.AsSpan(0, size - plain).CopyTo(data.AsSpan(plain));
    }
}

using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// Reads a column of one row group batch by batch: levels and, without the nulls, values. <see cref="VectorBuilder"/> puts them together.
/// </summary>
internal abstract class LeafReader
{
    private const int LookAhead = 1024;

    // Two bytes of levels, a flag and up to sixteen bytes of value each: about half a gigabyte for a single row.
    private const int MostLevels = 1 << 25;

    private readonly ColumnChunkReader _chunk;
    private readonly byte[] _ahead;
    private DataPage? _page;
    private int _pageLevels;
    private int _aheadFrom;
    private int _aheadCount;
    private byte[] _definitions = [];
    private byte[] _repetitions = [];

    /// <summary>Starts at the chunk's first page.</summary>
    protected LeafReader(LeafColumn leaf, ColumnChunkReader chunk)
    {
        Leaf = leaf;
        _chunk = chunk;
        _ahead = leaf.MaxRepetition > 0 ? new byte[LookAhead] : [];
    }

    /// <summary>The column.</summary>
    public LeafColumn Leaf { get; }

    /// <summary>Levels of the batch; for a column outside lists, its rows.</summary>
    public int LevelCount { get; private set; }

    /// <summary>Values of the batch that are not null.</summary>
    public int ValueCount { get; private set; }

    /// <summary>The batch's definition levels; empty for a required column.</summary>
    public ReadOnlySpan<byte> Definitions => Leaf.MaxDefinition == 0 ? [] : _definitions.AsSpan(0, LevelCount);

    /// <summary>The batch's repetition levels; empty for a column outside lists.</summary>
    public ReadOnlySpan<byte> Repetitions => Leaf.MaxRepetition == 0 ? [] : _repetitions.AsSpan(0, LevelCount);

    /// <summary>The page that is being read, from 0, for messages.</summary>
    public int PageNumber => Math.Max(0, _chunk.PageCount - 1);

    /// <summary>Reads rows.</summary>
    /// <exception cref="DamagedException">There are not that many, or a page is damaged.</exception>
    public void Read(int rows)
    {
        LevelCount = 0;
        ValueCount = 0;
        BeginBatch(rows);
        if (Leaf.MaxRepetition == 0) ReadFlat(rows);
        else ReadNested(rows);
    }

    /// <summary>Checks that nothing is left when all rows of the row group have been read.</summary>
    /// <exception cref="DamagedException">There is.</exception>
    public void CheckEnd()
    {
        long left = _chunk.RemainingValues + _pageLevels + _aheadCount;
        if (left > 0) throw new DamagedException(Catalogue.ParquetCountsDiffer, $"{left} values are left after the last row");
    }

    /// <summary>Makes the vector of the batch.</summary>
    /// <param name="field">The field of the values.</param>
    /// <param name="valid">Which entries are there; null if all are.</param>
    /// <param name="count">The entries, nulls among them.</param>
    /// <exception cref="DamagedException">A value makes no sense.</exception>
    public abstract ColumnVector BuildVector(ParquetField field, bool[]? valid, int count);

    /// <summary>Takes a dictionary page.</summary>
    protected abstract void SetDictionary(DictionaryPage page);

    /// <summary>Starts on the values of a page.</summary>
    protected abstract void SetPage(DataPage page);

    /// <summary>Forgets the last batch.</summary>
    /// <param name="rows">Rows of the next one.</param>
    protected abstract void BeginBatch(int rows);

    /// <summary>Reads values, nulls not among them, after those that the batch already has.</summary>
    protected abstract void ReadValues(int from, int count);

    /// <summary>Room for a batch's values.</summary>
    /// <returns>The array itself if it is large enough.</returns>
    protected static T[] Grow<T>(T[] array, int used, int needed)
    {
        if (needed <= array.Length) return array;
        var larger = new T[Math.Max(needed, Math.Min(2L * array.Length, MostLevels))];
        Array.Copy(array, larger, used);
        return larger;
    }

    /// <summary>Moves values apart so that nulls lie between them.</summary>
    protected static T[] Spread<T>(T[] values, int valueCount, bool[]? valid, int count)
        where T : struct
    {
        if (valid is null) return values;
        T[] spread = values.Length >= count ? values : Grow(values, valueCount, count);
        int from = valueCount;
        for (int i = count - 1; i >= 0; i--) spread[i] = valid[i] ? spread[--from] : default;
        return spread;
    }

    /// <summary>An encoding that does not exist or does not suit the column.</summary>
    protected DamagedException UnsupportedEncoding(int encoding)
    {
        string name = Enum.IsDefined((ValueEncoding)encoding)
            ? $"{(ValueEncoding)encoding} for {Leaf.Type.Physical}"
            : $"encoding number {encoding}";
        return new DamagedException(Catalogue.ParquetEncodingUnsupported, name);
    }

    private void ReadFlat(int rows)
    {
        while (LevelCount < rows)
        {
            if (_pageLevels == 0 && !NextPage()) throw MissingRows(rows - LevelCount);
            int count = Math.Min(rows - LevelCount, _pageLevels);
            _pageLevels -= count;
            TakeLevels(count);
        }
    }

    private void ReadNested(int rows)
    {
        int begun = 0;
        while (true)
        {
            if (_aheadCount == 0 && !FillAhead())
            {
                if (begun < rows) throw MissingRows(rows - begun);
                break;
            }

            ReadOnlySpan<byte> ahead = _ahead.AsSpan(_aheadFrom, _aheadCount);
            if (LevelCount == 0 && ahead[0] != 0) throw DamagedException.Page("the column starts in the middle of a row");
            int take = 0;
            while (take < ahead.Length)
            {
                if (ahead[take] == 0 && begun++ == rows) break;
                take++;
            }

            if (LevelCount + take > MostLevels)
                throw new DamagedException(Catalogue.ParquetRowTooLarge, $"more than {MostLevels} list elements in {rows} rows");
            _repetitions = Grow(_repetitions, LevelCount, LevelCount + take);
            ahead[..take].CopyTo(_repetitions.AsSpan(LevelCount));
            bool isComplete = take < _aheadCount;
            _aheadFrom += take;
            _aheadCount -= take;
            TakeLevels(take);
            if (isComplete) break;
        }

        CheckLists();
    }

    // A level that goes on with a list must come after one that was in it, and be in it itself.
    private void CheckLists()
    {
        ReadOnlySpan<byte> repetitions = Repetitions, definitions = Definitions;
        int[] inside = Leaf.ListDefinitions;
        for (int i = 1; i < repetitions.Length; i++)
        {
            int repetition = repetitions[i];
            if (repetition > 0 && (definitions[i] < inside[repetition - 1] || definitions[i - 1] < inside[repetition - 1]))
                throw DamagedException.Page("a list goes on that is not there");
        }
    }

    private bool FillAhead()
    {
        if (_pageLevels == 0 && !NextPage()) return false;
        _aheadFrom = 0;
        _aheadCount = Math.Min(LookAhead, _pageLevels);
        _pageLevels -= _aheadCount;
        _page!.Repetitions!.Read(_ahead.AsSpan(0, _aheadCount));
        return true;
    }

    private bool NextPage()
    {
        while (_chunk.Next(SetDictionary) is { } page)
        {
            _page = page;
            _pageLevels = page.ValueCount;
            if (_pageLevels == 0) continue; // Such a page may hold nothing at all, not even what its encoding asks for.
            SetPage(page);
            return true;
        }

        return false;
    }

    private void TakeLevels(int count)
    {
        int values = count;
        if (Leaf.MaxDefinition > 0)
        {
            _definitions = Grow(_definitions, LevelCount, LevelCount + count);
            Span<byte> definitions = _definitions.AsSpan(LevelCount, count);
            _page!.Definitions!.Read(definitions);
            values = MemoryExtensions.Count(definitions, (byte)Leaf.MaxDefinition);
        }

        if (values > 0) ReadValues(ValueCount, values);
        LevelCount += count;
        ValueCount += values;
    }

    private static DamagedException MissingRows(long rows) =>
        new(Catalogue.ParquetCountsDiffer, $"the column ends, {rows} rows are missing");
}

using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Reads the rows of one row group in batches.</summary>
internal sealed class RowGroupReader
{
    // A batch aims at so many bytes and list elements, and stays between one row and so many.
    private const long BatchBytes = 8 << 20;
    private const long BatchElements = 256 << 10;
    private const int MostRows = 4096;

    // All windows together aim at so many bytes.
    private const int WindowBytes = 8 << 20;
    private const int SmallestWindow = 4 << 10;
    private const int LargestWindow = 256 << 10;

    private readonly string _path;
    private readonly int _number;
    private readonly IReadOnlyList<ParquetField> _fields;
    private readonly LeafReader?[] _readers;
    private readonly VectorBuilder _builder;
    private readonly int _rowsPerBatch;

    /// <summary>Starts at the group's first row.</summary>
    /// <exception cref="AteneaException">A column lies outside the file or its codec is not supported.</exception>
    public RowGroupReader(
        string path, FileBytes file, RowGroup group, int number, LeafColumn[] leaves, IReadOnlyList<ParquetField> fields, long dataEnd)
    {
        _path = path;
        _number = number;
        _fields = fields;
        _readers = new LeafReader?[leaves.Length];
        _builder = new VectorBuilder(_readers);
        int leafCount = fields.Sum(f => f.Leaves.Count);
        int window = Math.Clamp(WindowBytes / Math.Max(1, leafCount), SmallestWindow, LargestWindow);
        double bytes = 0, elements = 1;
        foreach (ParquetField field in fields)
        {
            for (int i = field.Leaves.First; i < field.Leaves.First + field.Leaves.Count; i++)
            {
                ColumnChunk chunk = group.Columns[i];
                _readers[i] = Open(file, chunk, leaves[i], dataEnd, window);
                bytes += Math.Max(0, chunk.UncompressedSize);
                elements = Math.Max(elements, chunk.ValueCount);
            }
        }

        double rows = Math.Min(BatchBytes * (group.RowCount / Math.Max(1, bytes)), BatchElements * (group.RowCount / elements));
        _rowsPerBatch = (int)Math.Clamp(rows, 1, MostRows);
    }

    /// <summary>Reads the next rows.</summary>
    /// <param name="firstRow">Number of the first one within the file.</param>
    /// <param name="remaining">Rows that the group still has.</param>
    /// <exception cref="AteneaException">A page is damaged.</exception>
    public ParquetBatch Read(long firstRow, long remaining)
    {
        int rows = (int)Math.Min(_rowsPerBatch, remaining);
        foreach (LeafReader? reader in _readers)
        {
            if (reader is null) continue;
            try
            {
                reader.Read(rows);
            }
            catch (DamagedException e)
            {
                throw e.At($"{Place(reader.Leaf)}, page {reader.PageNumber}");
            }
        }

        var vectors = new ColumnVector[_fields.Count];
        for (int i = 0; i < vectors.Length; i++)
        {
            try
            {
                vectors[i] = _builder.Build(_fields[i]);
            }
            catch (TextInvalidException e)
            {
                throw e.At($"{_path}: column '{_fields[i].Name}', row {firstRow + e.Row}");
            }
            catch (DamagedException e)
            {
                throw e.At($"{_path}: column '{_fields[i].Name}', row group {_number}");
            }

            if (vectors[i].Count != rows)
            {
                throw new AteneaException(Catalogue.ParquetCountsDiffer, $"{vectors[i].Count} entries in {rows} rows",
                    $"{_path}: column '{_fields[i].Name}'");
            }
        }

        return new ParquetBatch(firstRow, rows, vectors);
    }

    /// <summary>Checks that no column has values left after the group's last row.</summary>
    /// <exception cref="AteneaException">One has.</exception>
    public void CheckEnd()
    {
        foreach (LeafReader? reader in _readers)
        {
            try
            {
                reader?.CheckEnd();
            }
            catch (DamagedException e)
            {
                throw e.At(Place(reader!.Leaf));
            }
        }
    }

    private LeafReader Open(FileBytes file, ColumnChunk chunk, LeafColumn leaf, long dataEnd, int window)
    {
        try
        {
            var pages = new ColumnChunkReader(file, chunk, leaf, dataEnd, window);
            return leaf.Type.Physical switch
            {
                PhysicalType.Boolean => new NumberReader<bool>(leaf, pages),
                PhysicalType.Int32 => new NumberReader<int>(leaf, pages),
                PhysicalType.Int64 => new NumberReader<long>(leaf, pages),
                PhysicalType.Int96 => new NumberReader<Int96>(leaf, pages),
                PhysicalType.Float => new NumberReader<float>(leaf, pages),
                PhysicalType.Double => new NumberReader<double>(leaf, pages),
                _ => new BytesReader(leaf, pages),
            };
        }
        catch (DamagedException e)
        {
            throw e.At(Place(leaf));
        }
    }

    private string Place(LeafColumn leaf) => $"{_path}: column '{leaf.Path}', row group {_number}";
}

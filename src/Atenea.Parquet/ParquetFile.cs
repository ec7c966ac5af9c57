using System.Buffers.Binary;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// A Parquet file, open for reading. Opening reads the footer alone: schema, counts and metadata are at hand, and known to make sense,
/// before any value is decoded. Rows come in batches whose memory is bounded by the file's pages, not by its size. Format:
/// https://parquet.apache.org/docs/file-format/
/// </summary>
/// <example><code>
/// using var file = ParquetFile.Open("train.parquet");
/// foreach (ParquetBatch batch in file.ReadBatches(["text", "label"]))
/// {
///     var texts = (BytesVector)batch.Columns[0];
///     for (int i = 0; i &lt; batch.RowCount; i++) Console.WriteLine(texts.GetString(i));
/// }
/// </code></example>
public sealed class ParquetFile : IDisposable
{
    /// <summary>Bytes of the mark at either end of a file.</summary>
    internal const int MagicBytes = 4;

    private const int TailBytes = sizeof(int) + MagicBytes;

    private readonly FileBytes _file;
    private readonly FileMetadata _metadata;
    private readonly LeafColumn[] _leaves;
    private readonly long _dataEnd;
    private readonly Lazy<HuggingFaceFeature?> _features;

    private ParquetFile(string path, FileBytes file)
    {
        Path = path;
        _file = file;
        long length = file.Length;
        FileMark.Check(file);
        byte[] tail = Read(length - TailBytes, TailBytes);
        uint footerLength = BinaryPrimitives.ReadUInt32LittleEndian(tail);
        long room = length - TailBytes - MagicBytes;
        if (footerLength > room)
        {
            throw new DamagedException(Catalogue.ParquetTruncated,
                $"it says that its footer has {footerLength} bytes, the file has {length}");
        }

        _dataEnd = length - TailBytes - footerLength;
        _metadata = FooterParser.Parse(Read(_dataEnd, (int)footerLength));
        Fields = SchemaBuilder.Build(_metadata.Schema, out _leaves);
        RowCount = CountRows();
        _features = new Lazy<HuggingFaceFeature?>(() => HuggingFaceFeature.FromMetadata(_metadata.KeyValues, Path));
    }

    /// <summary>The file's path as it was given.</summary>
    public string Path { get; }

    /// <summary>The columns as users see them, in the order of the file. Two may have the same name.</summary>
    public IReadOnlyList<ParquetField> Fields { get; }

    /// <summary>All rows.</summary>
    public long RowCount { get; }

    /// <summary>The rows of each row group.</summary>
    public IReadOnlyList<long> RowGroups => [.. _metadata.RowGroups.Select(g => g.RowCount)];

    /// <summary>The metadata that applications leave, in the order of the file.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Metadata => _metadata.KeyValues;

    /// <summary>The program that wrote the file, if it says so.</summary>
    public string? CreatedBy => _metadata.CreatedBy;

    /// <summary>
    /// What the <c>datasets</c> library says about the columns, for example the names of classes: a structure with a member for each
    /// column. Null if it did not write the file.
    /// </summary>
    /// <exception cref="AteneaException">The description cannot be read (ATN0433).</exception>
    public HuggingFaceFeature? Features => _features.Value;

    /// <summary>Opens a file and reads its footer.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="AteneaException">
    /// The file is missing or unreadable (ATN0401, ATN0402), no Parquet, truncated or encrypted (ATN0421 to ATN0423), or its footer makes
    /// no sense (ATN0424, ATN0425, ATN0432).
    /// </exception>
    public static ParquetFile Open(string path)
    {
        try
        {
            return Open(path, new FileBytes(path));
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new AteneaException(Catalogue.FileMissing, $"'{path}'", inner: error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(error);
        }

        AteneaException Unreadable(Exception error) => Directory.Exists(path)
            ? new AteneaException(Catalogue.FileUnreadable, $"'{path}' is a folder", inner: error)
            : new AteneaException(Catalogue.FileUnreadable, error.Message, path, inner: error);
    }

    /// <summary>Opens a file that is in memory.</summary>
    /// <param name="name">A name for messages.</param>
    /// <param name="content">The file's bytes; not copied.</param>
    /// <exception cref="AteneaException">As for a file on disk.</exception>
    public static ParquetFile Open(string name, byte[] content) => Open(name, new FileBytes(content));

    /// <summary>Reads the rows in order, a batch at a time. A batch stays as it is when the next one is read.</summary>
    /// <param name="columns">Names of the columns that are wanted, in this order; all of them if left out.</param>
    /// <exception cref="AteneaException">
    /// A column does not exist or its name is not unique (ATN0205, ATN0434); while reading, the file is damaged or uses what is not
    /// supported (ATN0423 to ATN0436).
    /// </exception>
    public IEnumerable<ParquetBatch> ReadBatches(IReadOnlyList<string>? columns = null)
    {
        IReadOnlyList<ParquetField> fields = columns is null ? Fields : [.. columns.Select(Find)];
        return ReadAll(fields);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private static ParquetFile Open(string path, FileBytes file)
    {
        try
        {
            return new ParquetFile(path, file);
        }
        catch (DamagedException damaged)
        {
            file.Dispose();
            throw damaged.At(path);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private IEnumerable<ParquetBatch> ReadAll(IReadOnlyList<ParquetField> fields)
    {
        long firstRow = 0;
        for (int i = 0; i < _metadata.RowGroups.Length; i++)
        {
            RowGroup group = _metadata.RowGroups[i];
            if (group.RowCount == 0) continue;
            var reader = new RowGroupReader(Path, _file, group, i, _leaves, fields, _dataEnd);
            for (long row = 0; row < group.RowCount;)
            {
                ParquetBatch batch = reader.Read(firstRow + row, group.RowCount - row);
                row += batch.RowCount;
                yield return batch;
            }

            reader.CheckEnd();
            firstRow += group.RowCount;
        }
    }

    private ParquetField Find(string name)
    {
        ParquetField[] found = [.. Fields.Where(f => f.Name == name)];
        return found switch
        {
            [var field] => field,
            [] => throw new AteneaException(Catalogue.ColumnMissing,
                $"'{name}'; the file has {string.Join(", ", Fields.Select(f => f.Name))}", Path,
                Suggestion.DidYouMean(name, [.. Fields.Select(f => f.Name)])),
            _ => throw new AteneaException(Catalogue.ParquetColumnAmbiguous, $"'{name}', {found.Length} times", Path),
        };
    }

    private long CountRows()
    {
        long sum = 0;
        for (int i = 0; i < _metadata.RowGroups.Length; i++)
        {
            RowGroup group = _metadata.RowGroups[i];
            if (group.RowCount < 0 || group.RowCount > long.MaxValue - sum) throw Differ($"row group {i} says {group.RowCount} rows");
            sum += group.RowCount;
            if (group.Columns.Length != _leaves.Length)
                throw Differ($"row group {i} has {group.Columns.Length} columns, the schema has {_leaves.Length}");
            foreach (LeafColumn leaf in _leaves) CheckChunk(group, group.Columns[leaf.Index], leaf, i);
        }

        return sum == _metadata.RowCount ? sum : throw Differ($"the footer says {_metadata.RowCount} rows, its row groups have {sum}");
    }

    private static void CheckChunk(RowGroup group, ColumnChunk chunk, LeafColumn leaf, int number)
    {
        if (chunk.IsEncrypted) throw new DamagedException(Catalogue.ParquetEncrypted, $"column '{leaf.Path}'");
        if (!chunk.HasMetadata)
            throw new DamagedException(Catalogue.ParquetFooterMalformed, $"column '{leaf.Path}' of row group {number} has no metadata");
        if (!string.IsNullOrEmpty(chunk.FilePath))
            throw new DamagedException(Catalogue.ParquetFooterMalformed, $"column '{leaf.Path}' lies in another file, '{chunk.FilePath}'");
        if (chunk.Type != (int)leaf.Type.Physical)
        {
            throw new DamagedException(Catalogue.ParquetFooterMalformed,
                $"column '{leaf.Path}' of row group {number} has physical type number {chunk.Type}, the schema says {leaf.Type.Physical}");
        }

        bool isFlat = leaf.MaxRepetition == 0;
        if (chunk.ValueCount < 0 || (isFlat && chunk.ValueCount != group.RowCount) || chunk.ValueCount < group.RowCount)
            throw Differ($"column '{leaf.Path}' of row group {number} says {chunk.ValueCount} values, the group has {group.RowCount} rows");
    }

    private byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        return _file.Read(bytes, offset) == count ? bytes
            : throw new DamagedException(Catalogue.ParquetTruncated, "the file has become shorter while it was read");
    }

    private static DamagedException Differ(string what) => new(Catalogue.ParquetCountsDiffer, what);
}

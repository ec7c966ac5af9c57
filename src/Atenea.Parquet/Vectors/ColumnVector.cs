using System.Text;

namespace Atenea.Parquet;

/// <summary>The values of a field in a batch of rows, or the elements of all lists of a batch.</summary>
public abstract class ColumnVector
{
    private readonly bool[]? _valid;

    private protected ColumnVector(ParquetField field, bool[]? valid, int count)
    {
        Field = field;
        _valid = valid;
        Count = count;
    }

    /// <summary>The field.</summary>
    public ParquetField Field { get; }

    /// <summary>The entries, nulls among them.</summary>
    public int Count { get; }

    /// <summary>Whether some entry is null.</summary>
    public bool HasNulls => _valid is not null;

    /// <summary>Whether an entry is null.</summary>
    /// <param name="index">The entry, from 0.</param>
    public bool IsNull(int index) => _valid is not null && !_valid[index];
}

/// <summary>Numbers or truth values.</summary>
/// <typeparam name="T">
/// The physical type: bool, int, long, float, double or <see cref="Int96"/>. Unsigned integers are in the signed type of their size, bit
/// for bit (<see cref="ParquetValueType.IsSigned"/>).
/// </typeparam>
public sealed class ValueVector<T> : ColumnVector
    where T : unmanaged
{
    private readonly T[] _values;

    internal ValueVector(ParquetField field, T[] values, bool[]? valid, int count)
        : base(field, valid, count) => _values = values;

    /// <summary>The values; the default where an entry is null.</summary>
    public ReadOnlySpan<T> Values => _values.AsSpan(0, Count);
}

/// <summary>Byte arrays: text, binary values, decimal numbers, half-precision numbers.</summary>
public sealed class BytesVector : ColumnVector
{
    private readonly IReadOnlyList<byte[]> _buffers;
    private readonly ByteRange[] _ranges;

    internal BytesVector(ParquetField field, IReadOnlyList<byte[]> buffers, ByteRange[] ranges, bool[]? valid, int count)
        : base(field, valid, count)
    {
        _buffers = buffers;
        _ranges = ranges;
    }

    /// <summary>An entry's bytes, not copied; empty where it is null.</summary>
    /// <param name="index">The entry, from 0.</param>
    public ReadOnlySpan<byte> GetBytes(int index)
    {
        ByteRange range = _ranges[index];
        return range.Length == 0 ? [] : _buffers[range.Buffer].AsSpan(range.Start, range.Length);
    }

    /// <summary>An entry as text; it is known to be UTF-8 if the field is <see cref="ValueKind.Text"/>. Null where it is null.</summary>
    /// <param name="index">The entry, from 0.</param>
    public string? GetString(int index) => IsNull(index) ? null : Encoding.UTF8.GetString(GetBytes(index));
}

/// <summary>Lists or maps.</summary>
public sealed class ListVector : ColumnVector
{
    private readonly int[] _offsets;

    internal ListVector(ParquetField field, int[] offsets, ColumnVector elements, bool[]? valid, int count)
        : base(field, valid, count)
    {
        _offsets = offsets;
        Elements = elements;
    }

    /// <summary>Where each list's elements start; one more than there are lists. A null list has none.</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Count + 1);

    /// <summary>The elements of all lists; for a map, structures of key and value.</summary>
    public ColumnVector Elements { get; }
}

/// <summary>Structures.</summary>
public sealed class StructVector : ColumnVector
{
    internal StructVector(ParquetField field, ColumnVector[] children, bool[]? valid, int count)
        : base(field, valid, count)
    {
        Children = children;
        HasDuplicateNames = children.DistinctBy(c => c.Field.Name).Count() < children.Length;
    }

    /// <summary>The members, each with as many entries as there are structures.</summary>
    public IReadOnlyList<ColumnVector> Children { get; }

    /// <summary>Whether two members have the same name.</summary>
    public bool HasDuplicateNames { get; }
}

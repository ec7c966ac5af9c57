using System.Buffers.Text;
using System.Numerics;
using System.Text;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>
/// Writes rows as JSON, one object a row, as Python's <c>json.dumps(row, ensure_ascii=False)</c> would: lists as arrays, maps as arrays of
/// pairs, binary values in base64, times in ISO 8601, decimal numbers as strings, NaN and infinities as strings. A row of columns of which
/// two have the same name is an array of values.
/// </summary>
public sealed class JsonRowWriter
{
    private readonly JsonText _text = new();
    private readonly Dictionary<ParquetField, byte[]> _names = [];

    /// <summary>A row as JSON.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="row">The row within the batch, from 0.</param>
    /// <returns>UTF-8 without a line's end, valid until the next call.</returns>
    /// <exception cref="AteneaException">A value has no meaning in its type (ATN0435).</exception>
    public ReadOnlySpan<byte> Write(ParquetBatch batch, int row)
    {
        _text.Clear();
        WriteMembers(batch.Columns, row, batch.HasDuplicateNames);
        return _text.Bytes;
    }

    /// <summary>
    /// A value as a table's cell: text as it is, null as null, everything else as its JSON without quotation marks around it.
    /// </summary>
    /// <param name="vector">The column.</param>
    /// <param name="index">The entry, from 0.</param>
    /// <exception cref="AteneaException">The value has no meaning in its type (ATN0435).</exception>
    public string? WriteCell(ColumnVector vector, int index)
    {
        if (vector.IsNull(index) || vector.Field.Type?.Kind == ValueKind.Null) return null;
        if (vector is BytesVector bytes && vector.Field.Type!.Kind == ValueKind.Text) return bytes.GetString(index);
        _text.Clear();
        WriteValue(vector, index);
        ReadOnlySpan<byte> json = _text.Bytes;
        // What is in quotation marks here (dates, numbers, base64) needs no escapes.
        if (json is [(byte)'"', .. var inner, (byte)'"']) json = inner;
        return Encoding.UTF8.GetString(json);
    }

    private void WriteMembers(IReadOnlyList<ColumnVector> members, int index, bool isArray)
    {
        _text.Append(isArray ? (byte)'[' : (byte)'{');
        for (int i = 0; i < members.Count; i++)
        {
            if (i > 0) _text.Append(", "u8);
            if (!isArray) _text.Append(Name(members[i].Field));
            WriteValue(members[i], index);
        }

        _text.Append(isArray ? (byte)']' : (byte)'}');
    }

    private byte[] Name(ParquetField field)
    {
        if (_names.TryGetValue(field, out byte[]? known)) return known;
        var text = new JsonText();
        text.AppendString(Encoding.UTF8.GetBytes(field.Name));
        text.Append(": "u8);
        byte[] name = text.Bytes.ToArray();
        _names.Add(field, name);
        return name;
    }

    private void WriteValue(ColumnVector vector, int index)
    {
        if (vector.IsNull(index))
        {
            _text.Append("null"u8);
            return;
        }

        switch (vector)
        {
            case BytesVector bytes:
                WriteBytes(bytes.GetBytes(index), vector.Field);
                break;
            case ValueVector<int> numbers:
                WriteInteger(numbers.Values[index], vector.Field);
                break;
            case ValueVector<long> numbers:
                WriteInteger(numbers.Values[index], vector.Field);
                break;
            case ValueVector<double> numbers:
                _text.AppendDouble(numbers.Values[index]);
                break;
            case ValueVector<float> numbers:
                _text.AppendDouble(numbers.Values[index]);
                break;
            case ValueVector<bool> flags:
                _text.Append(flags.Values[index] ? "true"u8 : "false"u8);
                break;
            case ValueVector<Int96> stamps:
                WriteStamp(stamps.Values[index]);
                break;
            case ListVector lists:
                WriteList(lists, index);
                break;
            case StructVector structs:
                WriteMembers(structs.Children, index, structs.HasDuplicateNames);
                break;
        }
    }

    private void WriteList(ListVector lists, int index)
    {
        _text.Append((byte)'[');
        int start = lists.Offsets[index], end = lists.Offsets[index + 1];
        for (int i = start; i < end; i++)
        {
            if (i > start) _text.Append(", "u8);
            if (lists.Field.Shape == FieldShape.Map) WritePair((StructVector)lists.Elements, i);
            else WriteValue(lists.Elements, i);
        }

        _text.Append((byte)']');
    }

    private void WritePair(StructVector pairs, int index)
    {
        _text.Append((byte)'[');
        WriteValue(pairs.Children[0], index);
        _text.Append(", "u8);
        if (pairs.Children.Count > 1) WriteValue(pairs.Children[1], index);
        else _text.Append("null"u8);
        _text.Append((byte)']');
    }

    private void WriteInteger(long value, ParquetField field)
    {
        ParquetValueType type = field.Type!;
        switch (type.Kind)
        {
            case ValueKind.Date:
                _text.Append((byte)'"');
                _text.AppendDate(value);
                _text.Append((byte)'"');
                break;
            case ValueKind.Time:
                long ticks = JsonText.PerSecond(type.Unit);
                if (value < 0 || value > 86400 * ticks) throw Invalid(field, $"{value} is no time of day in {type.Unit}");
                _text.Append((byte)'"');
                _text.AppendTime(value, type.Unit);
                _text.Append((byte)'"');
                break;
            case ValueKind.Timestamp:
                _text.AppendTimestamp(value, type.Unit, type.IsUtc);
                break;
            case ValueKind.Decimal:
                _text.AppendDecimal(value, type.Scale);
                break;
            default:
                if (type.IsSigned) _text.AppendInteger(value);
                else _text.AppendUnsigned(type.Physical == PhysicalType.Int32 ? (uint)value : (ulong)value);
                break;
        }
    }

    private void WriteStamp(Int96 stamp)
    {
        const int JulianEpoch = 2440588;
        _text.AppendTimestamp(stamp.JulianDay - (long)JulianEpoch, stamp.Nanoseconds, TimeUnit.Nanoseconds, isUtc: false);
    }

    private void WriteBytes(ReadOnlySpan<byte> value, ParquetField field)
    {
        switch (field.Type!.Kind)
        {
            case ValueKind.Text:
                _text.AppendString(value);
                break;
            case ValueKind.Half:
                _text.AppendDouble((double)BitConverter.ToHalf(value));
                break;
            case ValueKind.Decimal:
                if (value.Length > ValueTypes.MostDecimalBytes) throw Invalid(field, $"a decimal number of {value.Length} bytes");
                _text.AppendDecimal(new BigInteger(value, isUnsigned: false, isBigEndian: true), field.Type.Scale);
                break;
            case ValueKind.Uuid:
                _text.AppendString(Encoding.ASCII.GetBytes(new Guid(value, bigEndian: true).ToString()));
                break;
            case ValueKind.Null:
                _text.Append("null"u8);
                break;
            default:
                _text.Append((byte)'"');
                Span<byte> room = _text.Room(Base64.GetMaxEncodedToUtf8Length(value.Length));
                Base64.EncodeToUtf8(value, room, out _, out int written);
                _text.Advance(written);
                _text.Append((byte)'"');
                break;
        }
    }
    private static AteneaException Invalid(ParquetField field, string what) =>
        new(Catalogue.ParquetValueInvalid, what, $"column '{field.Name}'");
}

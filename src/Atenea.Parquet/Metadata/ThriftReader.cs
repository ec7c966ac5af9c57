using System.Text;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>The types of the compact protocol, by their number in a field's header.</summary>
internal enum ThriftType : byte
{
    /// <summary>The end of a structure.</summary>
    Stop = 0,

    /// <summary>A field that is true; its value is in the header.</summary>
    True = 1,

    /// <summary>A field that is false; its value is in the header.</summary>
    False = 2,

    /// <summary>One byte.</summary>
    Byte = 3,

    /// <summary>A zigzag varint of 16 bits.</summary>
    Int16 = 4,

    /// <summary>A zigzag varint of 32 bits.</summary>
    Int32 = 5,

    /// <summary>A zigzag varint of 64 bits.</summary>
    Int64 = 6,

    /// <summary>Eight bytes.</summary>
    Double = 7,

    /// <summary>A varint length and bytes.</summary>
    Binary = 8,

    /// <summary>A list.</summary>
    List = 9,

    /// <summary>A set, encoded like a list.</summary>
    Set = 10,

    /// <summary>A map.</summary>
    Map = 11,

    /// <summary>A structure.</summary>
    Struct = 12,

    /// <summary>A UUID of 16 bytes.</summary>
    Uuid = 13,
}

/// <summary>
/// Reads Thrift's compact protocol out of bytes in memory. Lengths are checked against what remains, nesting is limited, and nothing is
/// allocated beyond what the bytes hold.
/// Source: https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
/// </summary>
/// <param name="data">The bytes.</param>
internal ref struct ThriftReader(ReadOnlySpan<byte> data)
{
    private const int DeepestNesting = 32;
    private const int LongestVarint = 10;
    private const int LongFormSize = 15;

    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Bytes read so far.</summary>
    public int Position { get; private set; }

    /// <summary>Reads a field's header.</summary>
    /// <param name="field">The id of the field before, zero at a structure's start; becomes this one's.</param>
    /// <param name="type">The type of the value that follows.</param>
    /// <returns>False at the structure's end.</returns>
    public bool ReadField(ref int field, out ThriftType type)
    {
        byte header = ReadByte();
        type = (ThriftType)(header & 0x0F);
        if (header == 0) return false;
        if (type is ThriftType.Stop or > ThriftType.Uuid) throw Malformed($"there is no field type {(int)type}");
        int delta = header >> 4;
        field = delta == 0 ? ReadInt32() : field + delta;
        return true;
    }

    /// <summary>Reads a list's header.</summary>
    /// <param name="element">The type that its elements must have.</param>
    /// <returns>The number of elements, never more than bytes remain.</returns>
    public int ReadList(ThriftType element)
    {
        int size = ReadListHeader(out ThriftType found);
        if (size > 0 && found != element) throw Malformed($"a list holds {found}, not {element}");
        return size;
    }

    /// <summary>Reads a varint as a signed 32-bit number.</summary>
    public int ReadInt32()
    {
        long value = ReadInt64();
        return value is >= int.MinValue and <= int.MaxValue ? (int)value : throw Malformed($"{value} where a 32-bit number belongs");
    }

    /// <summary>Reads a varint as a signed 64-bit number.</summary>
    public long ReadInt64()
    {
        ulong raw = ReadVarint();
        return (long)(raw >> 1) ^ -(long)(raw & 1);
    }

    /// <summary>Reads one byte as a signed number.</summary>
    public sbyte ReadSignedByte() => (sbyte)ReadByte();

    /// <summary>Reads text; what is not UTF-8 becomes U+FFFD.</summary>
    public string ReadString() => Encoding.UTF8.GetString(ReadBinary());

    /// <summary>Reads a length and as many bytes.</summary>
    public ReadOnlySpan<byte> ReadBinary()
    {
        ulong length = ReadVarint();
        if (length > (ulong)(_data.Length - Position)) throw new ThriftEndException();
        ReadOnlySpan<byte> bytes = _data.Slice(Position, (int)length);
        Position += (int)length;
        return bytes;
    }

    /// <summary>Checks the type of a field that is about to be read.</summary>
    public static void Expect(ThriftType found, ThriftType expected)
    {
        if (found != expected) throw Malformed($"a field holds {found}, not {expected}");
    }

    /// <summary>Whether a truth value's header says true.</summary>
    public static bool IsTrue(ThriftType found) => found switch
    {
        ThriftType.True => true,
        ThriftType.False => false,
        _ => throw Malformed($"a field holds {found}, not a truth value"),
    };

    /// <summary>Passes over a value.</summary>
    public void Skip(ThriftType type) => Skip(type, 0);

    private void Skip(ThriftType type, int depth)
    {
        if (depth > DeepestNesting) throw Malformed("structures are nested too deeply");
        switch (type)
        {
            case ThriftType.True or ThriftType.False:
                break; // The header holds the value.
            case ThriftType.Byte:
                Advance(1);
                break;
            case ThriftType.Int16 or ThriftType.Int32 or ThriftType.Int64:
                ReadVarint();
                break;
            case ThriftType.Double:
                Advance(sizeof(double));
                break;
            case ThriftType.Uuid:
                Advance(16);
                break;
            case ThriftType.Binary:
                ReadBinary();
                break;
            case ThriftType.List or ThriftType.Set:
                int size = ReadListHeader(out ThriftType element);
                for (int i = 0; i < size; i++) SkipElement(element, depth + 1);
                break;
            case ThriftType.Map:
                SkipMap(depth + 1);
                break;
            case ThriftType.Struct:
                int field = 0;
                while (ReadField(ref field, out ThriftType inner)) Skip(inner, depth + 1);
                break;
            default:
                throw Malformed($"there is no type {(int)type}");
        }
    }

    private void SkipMap(int depth)
    {
        ulong size = ReadVarint();
        if (size == 0) return;
        if (size > (ulong)(_data.Length - Position)) throw new ThriftEndException();
        byte types = ReadByte();
        for (ulong i = 0; i < size; i++)
        {
            SkipElement((ThriftType)(types >> 4), depth);
            SkipElement((ThriftType)(types & 0x0F), depth);
        }
    }

    // Within a collection a truth value takes a byte of its own.
    private void SkipElement(ThriftType type, int depth)
    {
        if (type is ThriftType.True or ThriftType.False) Advance(1);
        else Skip(type, depth);
    }

    private int ReadListHeader(out ThriftType element)
    {
        byte header = ReadByte();
        element = (ThriftType)(header & 0x0F);
        ulong size = (ulong)(header >> 4);
        if (size == LongFormSize) size = ReadVarint();
        // Every element takes a byte at least.
        if (size > (ulong)(_data.Length - Position)) throw new ThriftEndException();
        return (int)size;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int i = 0; i < LongestVarint; i++)
        {
            byte next = ReadByte();
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80) return value;
        }

        throw Malformed("a number is longer than 64 bits");
    }

    private byte ReadByte()
    {
        if (Position >= _data.Length) throw new ThriftEndException();
        return _data[Position++];
    }

    private void Advance(int count)
    {
        if (count > _data.Length - Position) throw new ThriftEndException();
        Position += count;
    }

    private static DamagedException Malformed(string what) => new(Catalogue.ParquetFooterMalformed, what);
}

using System.Buffers.Binary;
using System.Text;

namespace Atenea.Parquet.Tests;

/// <summary>
/// Writes small Parquet files by hand, for what pyarrow does not write: old forms of schemas and levels, and files of any size.
/// </summary>
internal sealed class FileBuilder(Stream stream)
{
    private readonly List<byte[]> _groups = [];
    private long _position;
    private long _rows;

    public sealed record Element(string Name, int? Repetition = null, PhysicalType? Type = null, int Children = 0, int? Converted = null);

    public sealed record Chunk(PhysicalType Type, long Values, byte[] Page, int DefinitionEncoding = 3, int RepetitionEncoding = 3);

    public static byte[] Build(Element[] schema, int rows, params Chunk[] chunks)
    {
        using var memory = new MemoryStream();
        var builder = new FileBuilder(memory);
        builder.Begin();
        builder.AddGroup(rows, chunks);
        builder.End(schema);
        return memory.ToArray();
    }

    public void Begin() => Write("PAR1"u8);

    /// <summary>Adds a row group: one uncompressed page of the first kind, PLAIN, for each column.</summary>
    public void AddGroup(long rows, params Chunk[] chunks)
    {
        var columns = new List<byte[]>();
        foreach (Chunk chunk in chunks)
        {
            var header = new Thrift();
            header.Number(1, 5, 0).Number(2, 5, chunk.Page.Length).Number(3, 5, chunk.Page.Length);
            header.Struct(5, new Thrift().Number(1, 5, chunk.Values).Number(2, 5, 0)
                .Number(3, 5, chunk.DefinitionEncoding).Number(4, 5, chunk.RepetitionEncoding));
            byte[] bytes = header.Done();
            long start = _position;
            Write(bytes);
            Write(chunk.Page);
            long size = _position - start;
            var metadata = new Thrift().Number(1, 5, (int)chunk.Type).Number(4, 5, 0)
                .Number(5, 6, chunk.Values).Number(6, 6, size).Number(7, 6, size).Number(9, 6, start);
            columns.Add(new Thrift().Number(2, 6, 0).Struct(3, metadata).Done());
        }

        _groups.Add(new Thrift().List(1, columns).Number(2, 6, 0).Number(3, 6, rows).Done());
        _rows += rows;
    }

    public void End(Element[] schema)
    {
        IEnumerable<byte[]> elements = schema.Select(e =>
        {
            var element = new Thrift();
            if (e.Type is { } type) element.Number(1, 5, (int)type);
            if (e.Repetition is { } repetition) element.Number(3, 5, repetition);
            element.Text(4, e.Name);
            if (e.Children > 0) element.Number(5, 5, e.Children);
            if (e.Converted is { } converted) element.Number(6, 5, converted);
            return element.Done();
        });
        byte[] footer = new Thrift().Number(1, 5, 1).List(2, [.. elements]).Number(3, 6, _rows).List(4, _groups).Done();
        Write(footer);
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        Write(length);
        Write("PAR1"u8);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        stream.Write(bytes);
        _position += bytes.Length;
    }

    /// <summary>A structure in the compact protocol.</summary>
    private sealed class Thrift
    {
        private readonly List<byte> _bytes = [];
        private int _last;

        public Thrift Number(int field, int type, long value)
        {
            Header(field, type);
            Varint((ulong)((value << 1) ^ (value >> 63)));
            return this;
        }

        public Thrift Text(int field, string value)
        {
            Header(field, 8);
            byte[] bytes = Encoding.UTF8.GetBytes(value);
            Varint((ulong)bytes.Length);
            _bytes.AddRange(bytes);
            return this;
        }

        public Thrift Struct(int field, Thrift value)
        {
            Header(field, 12);
            _bytes.AddRange(value.Done());
            return this;
        }

        public Thrift List(int field, List<byte[]> structures)
        {
            Header(field, 9);
            _bytes.Add(0xFC);
            Varint((ulong)structures.Count);
            foreach (byte[] structure in structures) _bytes.AddRange(structure);
            return this;
        }

        public byte[] Done() => [.. _bytes, 0];

        private void Header(int field, int type)
        {
            _bytes.Add((byte)(((field - _last) << 4) | type));
            _last = field;
        }

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
            _bytes.Add((byte)value);
        }
    }
}

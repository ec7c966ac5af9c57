using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Atenea.Hub;

/// <summary>Gives a part of a tensor's elements, counted row by row.</summary>
/// <param name="start">The first element that is asked for.</param>
/// <param name="destination">To be filled.</param>
public delegate void TensorReader(long start, Span<float> destination);

/// <summary>
/// Writes a safetensors file, byte for byte as the Python library would: tensors in descending order of storage type, then by name in
/// UTF-8 order; a compact JSON header padded with spaces to a multiple of 8. Tensors are registered first and converted while they
/// stream to the disk, so no copy of the model is made; the file is written atomically.
/// </summary>
/// <example><code>
/// var writer = new SafeTensorsWriter();
/// writer.Add("classifier.bias", [4], new float[4]);
/// writer.Save("model.safetensors");
/// </code></example>
public sealed class SafeTensorsWriter
{
    private const int ChunkElements = 1 << 16;

    private readonly Dictionary<string, string> _metadata;
    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    /// <summary>Starts an empty file.</summary>
    /// <param name="metadata">The header's metadata; <c>format: pt</c> when left out, which transformers asks for.</param>
    public SafeTensorsWriter(IEnumerable<KeyValuePair<string, string>>? metadata = null) =>
        _metadata = new Dictionary<string, string>(metadata ?? [new("format", "pt")], StringComparer.Ordinal);

    /// <summary>Registers a float tensor in managed memory. It is read when the file is saved.</summary>
    /// <param name="name">The tensor's name, unique in the file.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="values">Its elements, row by row.</param>
    /// <param name="type">Storage: F32, F16 or BF16 (rounded to nearest, ties to even).</param>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<float> values, StorageType type = StorageType.F32)
    {
        if (values.Length != Count(shape))
            throw new ArgumentException($"'{name}': the shape does not fit {values.Length} values", nameof(shape));
        Add(name, shape, (start, part) => values.Span.Slice((int)start, part.Length).CopyTo(part), type);
    }

    /// <summary>Registers a float tensor that lies anywhere: its elements are asked for part by part when the file is saved.</summary>
    /// <param name="name">The tensor's name, unique in the file.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="values">Gives its elements.</param>
    /// <param name="type">Storage: F32, F16 or BF16 (rounded to nearest, ties to even).</param>
    public void Add(string name, ReadOnlySpan<long> shape, TensorReader values, StorageType type = StorageType.F32) =>
        AddEntry(name, shape, CheckFloat(type), (stream, count) => WriteFloats(stream, type, values, count));

    /// <summary>Registers a tensor of 64-bit whole numbers.</summary>
    /// <param name="name">The tensor's name, unique in the file.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="values">Its elements, row by row.</param>
    public void Add(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<long> values)
    {
        if (values.Length != Count(shape))
            throw new ArgumentException($"'{name}': the shape does not fit {values.Length} values", nameof(shape));
        AddEntry(name, shape, StorageType.I64, (stream, _) => stream.Write(MemoryMarshal.AsBytes(values.Span)));
    }

    /// <summary>Registers a tensor as raw bytes of any storage type, for example to pass one through from another file.</summary>
    /// <param name="name">The tensor's name, unique in the file.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="bytes">Its stored bytes.</param>
    /// <param name="type">How the bytes are to be read.</param>
    public void AddBytes(string name, ReadOnlySpan<long> shape, ReadOnlyMemory<byte> bytes, StorageType type)
    {
        if (Count(shape) * type.Bits() != bytes.Length * 8L)
            throw new ArgumentException($"'{name}': the shape does not fit {bytes.Length} bytes of {type.Name()}", nameof(shape));
        AddEntry(name, shape, type, (stream, _) => stream.Write(bytes.Span));
    }

    /// <summary>Writes the file, replacing an older one only once it is complete.</summary>
    /// <exception cref="Errors.AteneaException">The file cannot be written (ATN0403).</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes the file's bytes into a stream.</summary>
    public void Write(Stream stream)
    {
        Entry[] ordered =
        [
            .. _entries.Values.OrderByDescending(e => e.Type)
                .ThenBy(e => e.Name, Comparer<string>.Create(
                    static (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b)))),
        ];
        byte[] header = Header(ordered);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach (Entry entry in ordered) entry.Write(stream, entry.Count);
    }

    private static StorageType CheckFloat(StorageType type) => type is StorageType.F32 or StorageType.F16 or StorageType.BF16
        ? type
        : throw new ArgumentOutOfRangeException(nameof(type), type, "floats are stored as F32, F16 or BF16");

    private static void WriteFloats(Stream stream, StorageType type, TensorReader values, long count)
    {
        var chunk = new float[Math.Min(count, ChunkElements)];
        var stored = new byte[type == StorageType.F32 ? 0 : chunk.Length * type.Bits() / 8];
        for (long done = 0; done < count; done += ChunkElements)
        {
            Span<float> part = chunk.AsSpan(0, (int)Math.Min(ChunkElements, count - done));
            values(done, part);
            if (type == StorageType.F32) stream.Write(MemoryMarshal.AsBytes(part));
            else stream.Write(FloatConversion.FromSingle(type, part, stored));
        }
    }

    private static long Count(ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (long dimension in shape)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(dimension, nameof(shape));
            count = checked(count * dimension);
        }

        return count;
    }

    private void AddEntry(string name, ReadOnlySpan<long> shape, StorageType type, Action<Stream, long> write)
    {
        if (name == "__metadata__") throw new ArgumentException("the name is reserved by the format", nameof(name));
        if (!_entries.TryAdd(name, new Entry(name, type, shape.ToArray(), Count(shape), write)))
            throw new ArgumentException($"'{name}' was added before", nameof(name));
    }

    private byte[] Header(Entry[] ordered)
    {
        var json = new StringBuilder("{");
        if (_metadata.Count > 0)
        {
            json.Append("\"__metadata__\":{");
            foreach ((string key, string value) in _metadata)
            {
                AppendString(json, key);
                json.Append(':');
                AppendString(json, value);
                json.Append(',');
            }

            json.Length--;
            json.Append("},");
        }

        long offset = 0;
        foreach (Entry entry in ordered)
        {
            long end = offset + (entry.Count * entry.Type.Bits() / 8);
            AppendString(json, entry.Name);
            json.Append(CultureInfo.InvariantCulture,
                $":{{\"dtype\":\"{entry.Type.Name()}\",\"shape\":[{string.Join(',', entry.Shape)}],\"data_offsets\":[{offset},{end}]}},");
            offset = end;
        }

        if (json.Length > 1) json.Length--;
        json.Append('}');
        byte[] unpadded = Encoding.UTF8.GetBytes(json.ToString());
        byte[] header = new byte[(unpadded.Length + 7) / 8 * 8];
        unpadded.CopyTo(header, 0);
        header.AsSpan(unpadded.Length).Fill((byte)' ');
        return header;
    }

    /// <summary>Escapes only what JSON demands, with the short forms where there are any, as the reference's JSON writer does.</summary>
    private static void AppendString(StringBuilder json, string text)
    {
        json.Append('"');
        foreach (char c in text)
        {
            switch (c)
            {
                case '"': json.Append("\\\""); break;
                case '\\': json.Append("\\\\"); break;
                case '\b': json.Append("\\b"); break;
                case '\t': json.Append("\\t"); break;
                case '\n': json.Append("\\n"); break;
                case '\f': json.Append("\\f"); break;
                case '\r': json.Append("\\r"); break;
                case < ' ': json.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"); break;
                default: json.Append(c); break;
            }
        }

        json.Append('"');
    }

    private sealed record Entry(string Name, StorageType Type, long[] Shape, long Count, Action<Stream, long> Write);
}

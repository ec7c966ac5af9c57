using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace Atenea.Hub.Tests;

/// <summary>Writes pickles instruction by instruction, and the zip files that hold them, for tests of what no program writes.</summary>
internal sealed class PickleBuilder
{
    private readonly List<byte> _bytes = [];

    public PickleBuilder(byte protocol = 2) => Raw(0x80, protocol);

    public PickleBuilder Raw(params ReadOnlySpan<byte> bytes)
    {
        _bytes.AddRange(bytes);
        return this;
    }

    public PickleBuilder Op(char instruction) => Raw((byte)instruction);

    public PickleBuilder Global(string module, string name) => Op('c').Raw(Encoding.UTF8.GetBytes($"{module}\n{name}\n"));

    public PickleBuilder Text(string text)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, Encoding.UTF8.GetByteCount(text));
        return Op('X').Raw(length).Raw(Encoding.UTF8.GetBytes(text));
    }

    public PickleBuilder Number(long value)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        return Raw(0x8a, 8).Raw(bytes);
    }

    public PickleBuilder Tuple(params ReadOnlySpan<long> values)
    {
        Op('(');
        foreach (long value in values) Number(value);
        return Op('t');
    }

    /// <summary>The storage "0" of a type, with a number of elements.</summary>
    public PickleBuilder Storage(long count, string type = "FloatStorage") =>
        Op('(').Text("storage").Global("torch", type).Text("0").Text("cpu").Number(count).Op('t').Op('Q');

    /// <summary>A tensor over storage "0".</summary>
    public PickleBuilder Tensor(long count, long offset, long[] size, long[] stride, string type = "FloatStorage") =>
        Global("torch._utils", "_rebuild_tensor_v2").Op('(').Storage(count, type).Number(offset).Tuple(size).Tuple(stride)
            .Raw(0x89).Global("collections", "OrderedDict").Op(')').Op('R').Op('t').Op('R');

    public byte[] End() => [.. Op('.')._bytes];

    /// <summary>A zip file with a pickle and storage "0".</summary>
    public static byte[] Zip(
        byte[] pickle, byte[] storage, string byteOrder = "little", CompressionLevel compression = CompressionLevel.NoCompression)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            Write("model/data.pkl", pickle);
            Write("model/byteorder", Encoding.ASCII.GetBytes(byteOrder));
            Write("model/data/0", storage);

            void Write(string name, byte[] content)
            {
                using Stream entry = zip.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }

        return bytes.ToArray();
    }
}

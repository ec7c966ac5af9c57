using System.Buffers.Binary;
using System.Text;
using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>Headers written by hand; which of them the reference library (safetensors 0.8) takes was checked against it.</summary>
public class SafeTensorsHeaderTests
{
    [Theory]
    [InlineData("{}", 0)]
    [InlineData(" {\n}\t ", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":[[3]]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"__metadata__":null,"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F4","shape":[8],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}""", 3)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]},"b":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}""", 0)]
    public void Legal_headers_are_taken(string header, int dataBytes)
    {
        using var folder = new TemporaryFolder();
        using var file = SafeTensorsFile.Open(Write(folder, Encoding.UTF8.GetBytes(header), dataBytes));
        Assert.All(file.Tensors.Values, t => Assert.Equal(t.ByteCount, file.ReadBytes(t.Name).Length));
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("null", 0)]
    [InlineData("{}\0", 0)]
    [InlineData("{} {}", 0)]
    [InlineData("{", 0)]
    [InlineData("""{"a":["F32",[1],[0,4]]}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,5]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":["1"],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"f32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F4","shape":[7],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[2,2]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,0],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[4611686018427387904],"data_offsets":[0,0]}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551616]}}""", 4)]
    [InlineData("""{"a\ud800":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4)]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", 0)]
    [InlineData("""{"__metadata__":{"a":null}}""", 0)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 5)]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 3)]
    public void Illegal_headers_are_refused(string header, int dataBytes)
    {
        using var folder = new TemporaryFolder();
        string path = Write(folder, Encoding.UTF8.GetBytes(header), dataBytes);
        Assert.StartsWith("ATN04", Assert.Throws<AteneaException>(() => SafeTensorsFile.Open(path)).Code.Id, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_or_read_within_bounds_and_never_allocate_what_they_claim()
    {
        byte[] good = File.ReadAllBytes(Golden.File("safetensors", "written-by-python.safetensors"));
        var random = new Random(4);
        using var folder = new TemporaryFolder();
        string path = folder.File("fuzzed.safetensors");
        int headerEnd = 8 + (int)BinaryPrimitives.ReadInt64LittleEndian(good);
        int opened = 0;
        long before = GC.GetAllocatedBytesForCurrentThread();
        const int rounds = 4000;
        for (int round = 0; round < rounds; round++)
        {
            File.WriteAllBytes(path, Damage(good, headerEnd, random));
            try
            {
                using var file = SafeTensorsFile.Open(path);
                opened++;
                foreach (SafeTensorInfo info in file.Tensors.Values)
                {
                    Assert.InRange(info.Offset, 8, new FileInfo(path).Length - info.ByteCount);
                    if (info.Type.IsFloat()) Assert.Equal(info.ElementCount, file.ReadFloats(info.Name).Length);
                    if (info.Type == StorageType.I64) Assert.Equal(info.ElementCount, file.ReadInt64(info.Name).Length);
                }
            }
            catch (AteneaException error)
            {
                Assert.StartsWith("ATN04", error.Code.Id, StringComparison.Ordinal);
            }
        }

        Assert.InRange(opened, 1, rounds - 1);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / rounds, 0, 200_000);
    }

    /// <summary>Flips, inserts, removes or duplicates a few bytes, mostly of the header, with a taste for digits and quotes.</summary>
    private static byte[] Damage(byte[] good, int headerEnd, Random random)
    {
        var bytes = new List<byte>(good);
        ReadOnlySpan<byte> favourites = "0123456789-,[]{}\":"u8;
        for (int changes = random.Next(1, 4); changes > 0; changes--)
        {
            int at = random.Next(random.Next(10) == 0 ? bytes.Count : Math.Min(headerEnd, bytes.Count));
            byte value = random.Next(3) == 0 ? (byte)random.Next(256) : favourites[random.Next(favourites.Length)];
            switch (random.Next(6))
            {
                case 0: bytes.Insert(at, value); break;
                case 1: bytes.RemoveAt(at); break;
                case 2: bytes.RemoveRange(at, Math.Min(random.Next(1, 200), bytes.Count - at)); break;
                case 3: bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 200), bytes.Count - at))); break;
                default: bytes[at] = value; break;
            }

            if (bytes.Count == 0) break;
        }

        return [.. bytes];
    }

    private static string Write(TemporaryFolder folder, byte[] header, int dataBytes)
    {
        var bytes = new byte[8 + header.Length + dataBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, header.Length);
        header.CopyTo(bytes, 8);
        string path = folder.File("model.safetensors");
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

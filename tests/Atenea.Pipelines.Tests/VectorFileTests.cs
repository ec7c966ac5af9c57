using System.Text;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Pipelines.Tests;

public sealed class VectorFileTests : IDisposable
{
    private static readonly float[][] Vectors = [[1, -2.5f], [0.1f, float.MaxValue], [0, 1e-9f]];

    private readonly string _folder = Directory.CreateTempSubdirectory("atenea-vectors-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_numpy_file_has_its_shape_in_a_header_of_fixed_length_and_the_numbers_behind_it()
    {
        byte[] bytes = Write("out.npy");
        Assert.Equal([0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 118, 0], bytes[..10]);
        string header = Encoding.ASCII.GetString(bytes, 10, 118);
        Assert.StartsWith("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 2), }", header, StringComparison.Ordinal);
        Assert.EndsWith("\n", header, StringComparison.Ordinal);
        Assert.Equal(Vectors.SelectMany(v => v), Enumerable.Range(0, 6).Select(i => BitConverter.ToSingle(bytes, 128 + (4 * i))));
    }

    [Fact]
    public void A_tensor_file_has_one_tensor()
    {
        Write("out.safetensors");
        using SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(_folder, "out.safetensors"));
        Assert.Equal(Vectors.SelectMany(v => v), file.ReadFloats(VectorFile.TensorName));
    }

    [Fact]
    public void Lines_are_lists_of_numbers_that_read_back_exactly() =>
        Assert.Equal("[1,-2.5]\n[0.1,3.4028235E+38]\n[0,1E-09]\n", Encoding.UTF8.GetString(Write("out.jsonl")));

    [Fact]
    public void No_vectors_are_a_file_too()
    {
        string path = Path.Combine(_folder, "none.npy");
        Assert.Equal(0, VectorFile.Write(path, [], 2));
        Assert.Contains("(0, 2)", File.ReadAllText(path), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("out.txt")]
    [InlineData("out")]
    public void Other_names_are_refused(string name) =>
        Assert.Equal("ATN0103", Assert.Throws<AteneaException>(() => VectorFile.Check(name)).Code.Id);

    private byte[] Write(string name)
    {
        string path = Path.Combine(_folder, name);
        Assert.Equal(Vectors.Length, VectorFile.Write(path, Vectors.Select(v => v.ToArray()), 2));
        return File.ReadAllBytes(path);
    }
}

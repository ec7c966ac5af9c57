using System.IO.Compression;
using System.Runtime.InteropServices;
using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>Pickles that were never written by PyTorch: strided views are read, everything that is not a tensor is refused.</summary>
public sealed class PyTorchFileTests : IDisposable
{
    private static readonly float[] Twelve = [.. Enumerable.Range(0, 12).Select(i => (float)i)];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, string> Names => new()
    {
        { "os", "system" },
        { "posix", "system" },
        { "builtins", "eval" },
        { "builtins", "getattr" },
        { "torch", "load" },
        { "torch", "QInt8Storage" },
        { "torch._utils", "_rebuild_sparse_tensor" },
        { "torch.nn.modules.linear", "Linear" },
        { "numpy.core.multiarray", "_reconstruct" },
        { "collections", "Counter" },
        { "Collections", "OrderedDict" },
        { "collections.OrderedDict", "" },
        { "", "collections.OrderedDict" },
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_name_but_those_of_tensors_is_refused_where_it_is_mentioned(string module, string name)
    {
        string wanted = $"'{module}.{name}'";
        AssertRefused(new PickleBuilder().Global(module, name), wanted);
        AssertRefused(new PickleBuilder().Op('i').Raw(System.Text.Encoding.ASCII.GetBytes($"{module}\n{name}\n")), wanted);
        AssertRefused(new PickleBuilder(4).Text(module).Text(name).Raw(0x93), wanted);
    }

    [Theory]
    [InlineData(0x81)] // NEWOBJ
    [InlineData(0x92)] // NEWOBJ_EX
    [InlineData(0x82)] // EXT1
    [InlineData((byte)'o')] // OBJ
    [InlineData((byte)'P')] // PERSID
    [InlineData((byte)'B')] // BINBYTES
    [InlineData(0xff)]
    public void Instructions_that_tensors_do_not_need_are_refused(byte instruction) =>
        Assert.Equal(Catalogue.PickleRefused,
            Error(new PickleBuilder().Global("collections", "OrderedDict").Op(')').Raw(instruction, 1)).Code);

    [Fact]
    public void Nothing_but_the_three_functions_is_called_and_only_dictionaries_take_a_state()
    {
        Assert.Contains("'torch.FloatStorage'", Error(new PickleBuilder().Global("torch", "FloatStorage").Op(')').Op('R')).Message,
            StringComparison.Ordinal);
        Assert.Equal(Catalogue.PickleRefused, Error(new PickleBuilder().Text("os.system").Op(')').Op('R')).Code);
        Assert.Equal(Catalogue.PickleRefused, Error(new PickleBuilder().Global("collections", "OrderedDict").Op('}').Op('b')).Code);
    }

    [Fact]
    public void A_state_dict_s_metadata_is_passed_over()
    {
        byte[] pickle = new PickleBuilder().Global("collections", "OrderedDict").Op(')').Op('R')
            .Text("a").Tensor(12, 0, [12], [1]).Op('s')
            .Op('}').Text("_metadata").Op('}').Op('s').Op('b').End();
        Assert.Equal(Twelve, Read(pickle, "a"));
    }

    [Fact]
    public void Strided_views_are_brought_into_order()
    {
        byte[] pickle = new PickleBuilder().Op('}')
            .Text("columns").Tensor(12, 0, [3, 4], [1, 3]).Op('s')
            .Text("part").Tensor(12, 5, [2, 2], [4, 2]).Op('s')
            .Text("cube").Tensor(12, 0, [2, 3, 2], [1, 2, 6]).Op('s')
            .Text("repeated").Tensor(12, 7, [3], [0]).Op('s')
            .Text("scalar").Tensor(12, 9, [], []).Op('s')
            .Text("empty").Tensor(12, 12, [0, 4], [4, 1]).Op('s').End();
        Assert.Equal([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11], Read(pickle, "columns"));
        Assert.Equal([5, 7, 9, 11], Read(pickle, "part"));
        Assert.Equal([0, 6, 2, 8, 4, 10, 1, 7, 3, 9, 5, 11], Read(pickle, "cube"));
        Assert.Equal([7, 7, 7], Read(pickle, "repeated"));
        Assert.Equal([9], Read(pickle, "scalar"));
        Assert.Empty(Read(pickle, "empty"));
    }

    [Fact]
    public void Pickles_of_python_2_give_pairs_and_byte_strings()
    {
        byte[] pickle = new PickleBuilder().Global("collections", "OrderedDict").Op('(').Op(']')
            .Op(']').Op('(').Raw((byte)'U', 1, (byte)'a').Tensor(12, 0, [12], [1]).Op('e').Op('a').Op('t').Op('R').End();
        Assert.Equal(Twelve, Read(pickle, "a"));
    }

    [Fact]
    public void A_view_that_leaves_its_storage_is_refused()
    {
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [13], [1])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 1, [3, 4], [4, 1])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, -1, [2], [1])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [2], [-1])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [-2], [1])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [2], [long.MaxValue])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, long.MaxValue, [2], [long.MaxValue])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [1L << 40, 1L << 40], [0, 0])).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Tensor(12, 0, [2, 2], [1])).Code);
    }

    [Fact]
    public void A_storage_that_is_shorter_than_announced_is_refused()
    {
        AteneaException error = Error(new PickleBuilder().Op('}').Text("a").Tensor(13, 0, [2], [1]).Op('s'));
        Assert.Equal(Catalogue.PyTorchFileTruncated, error.Code);
        Assert.Contains("48 bytes, 13 elements", error.Message, StringComparison.Ordinal);
        Assert.Equal(Catalogue.PyTorchFileMalformed,
            Error(new PickleBuilder().Op('}').Text("a").Tensor(long.MaxValue, 0, [2], [1]).Op('s')).Code);
    }

    [Fact]
    public void Claims_of_the_file_do_not_make_memory_be_taken()
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        Error(new PickleBuilder().Raw((byte)'X', 0xff, 0xff, 0xff, 0x7f)); // A string of 2 GB
        Error(new PickleBuilder().Raw(0x8d, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f));
        Error(new PickleBuilder().Op('}').Text("a").Tensor(1L << 50, 0, [1L << 50], [1]).Op('s'));
        Error(new PickleBuilder().Op('h').Raw(200));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);

        var endless = new byte[(1 << 22) + 10];
        Array.Fill(endless, (byte)')');
        Assert.Contains("instructions", Error(new PickleBuilder().Raw(endless)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { (byte)'(' })]
    [InlineData(new byte[] { (byte)'t' })]
    [InlineData(new byte[] { (byte)'R' })]
    [InlineData(new byte[] { (byte)'Q' })]
    [InlineData(new byte[] { (byte)'K', 1, (byte)'Q' })]
    [InlineData(new byte[] { (byte)'K', 1, (byte)'q', 0, (byte)'h', 1 })]
    [InlineData(new byte[] { (byte)')', (byte)'K', 1, (byte)'a' })]
    [InlineData(new byte[] { (byte)'}', (byte)'K', 1, (byte)'K', 2, (byte)'s' })]
    [InlineData(new byte[] { (byte)'}', (byte)'(', (byte)'N', (byte)'u' })]
    [InlineData(new byte[] { (byte)'K', 1 })]
    [InlineData(new byte[] { (byte)'}', (byte)'U', 1, (byte)'a', (byte)'K', 1, (byte)'s' })]
    [InlineData(new byte[] { 0x80, 9 })]
    public void Pickles_without_sense_are_malformed(byte[] instructions) =>
        Assert.Equal(Catalogue.PyTorchFileMalformed, Error(new PickleBuilder().Raw(instructions)).Code);

    [Fact]
    public void Other_zip_files_are_named_for_what_they_are()
    {
        byte[] pickle = new PickleBuilder().Op('}').End();
        Assert.Contains("compressed", Open(PickleBuilder.Zip(new byte[4096], [], compression: CompressionLevel.Optimal)).Message,
            StringComparison.Ordinal);
        Assert.Contains("highest byte first", Open(PickleBuilder.Zip(pickle, [], "big")).Message, StringComparison.Ordinal);
        var other = new MemoryStream();
        using (var zip = new ZipArchive(other, ZipArchiveMode.Create, leaveOpen: true)) zip.CreateEntry("readme.txt").Open().Dispose();
        Assert.Contains("without data.pkl", Open(other.ToArray()).Message, StringComparison.Ordinal);
        Assert.Equal(Catalogue.PyTorchFileTruncated, Open([]).Code);
        Assert.Equal(Catalogue.PyTorchFileMalformed, Open([1, 2, 3]).Code);
        Assert.Contains("git lfs pull", Open("version https://git-lfs.github.com/spec/v1\n"u8.ToArray()).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bin-zip-views", "pytorch_model.bin", 500)]
    [InlineData("bin-zip-parameters", "pytorch_model.bin", 300)]
    [InlineData("bin-legacy-views", "pytorch_model.bin", 500)]
    [InlineData("bin-legacy-f16", "pytorch_model.bin", 300)]
    public void Whatever_happens_to_a_file_there_is_an_error_with_a_code_or_the_tensors(string name, string file, int times)
    {
        string path = _folder.File("damaged.bin");
        Fuzz.Every(File.ReadAllBytes(Golden.File("checkpoints", name, file)), times, path, () => PyTorchFile.Open(path));
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] Zip(byte[] pickle) => PickleBuilder.Zip(pickle, MemoryMarshal.AsBytes(Twelve.AsSpan()).ToArray());

    private void AssertRefused(PickleBuilder pickle, string name)
    {
        AteneaException error = Error(pickle);
        Assert.Equal(Catalogue.PickleRefused, error.Code);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    private AteneaException Error(PickleBuilder pickle) => Open(Zip(pickle.End()));

    private AteneaException Open(byte[] bytes)
    {
        string path = _folder.File("file.bin");
        File.WriteAllBytes(path, bytes);
        return Assert.Throws<AteneaException>(() => PyTorchFile.Open(path));
    }

    private float[] Read(byte[] pickle, string name)
    {
        string path = _folder.File("file.bin");
        File.WriteAllBytes(path, Zip(pickle));
        using PyTorchFile file = PyTorchFile.Open(path);
        float[] values = file.ReadFloats(name), parts = new float[values.Length];
        for (int i = 0; i < parts.Length; i += 5) file.CopyTo(name, i, parts.AsSpan(i, Math.Min(5, parts.Length - i)));
        Assert.Equal(values, parts);
        return values;
    }
}

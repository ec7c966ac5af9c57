using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class SafeTensorsWriterTests
{
    [Fact]
    public void A_rewritten_file_equals_the_python_librarys_byte_for_byte()
    {
        string original = Golden.File("safetensors", "written-by-python.safetensors");
        using var folder = new TemporaryFolder();
        using var file = SafeTensorsFile.Open(original);
        var writer = new SafeTensorsWriter(file.Metadata);
        foreach (SafeTensorInfo info in file.Tensors.Values.Reverse())
        {
            if (info.Type == StorageType.I64) writer.Add(info.Name, info.Shape, file.ReadInt64(info.Name));
            else writer.Add(info.Name, info.Shape, file.ReadFloats(info.Name), info.Type);
        }

        writer.Save(folder.File("again.safetensors"));
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(folder.File("again.safetensors")));
    }

    [Fact]
    public void Bytes_of_every_type_pass_through_and_keep_the_layout()
    {
        string original = Golden.File("safetensors", "integers.safetensors");
        using var folder = new TemporaryFolder();
        using var file = SafeTensorsFile.Open(original);
        var writer = new SafeTensorsWriter(file.Metadata);
        foreach (SafeTensorInfo info in file.Tensors.Values.OrderBy(t => t.Name))
            writer.AddBytes(info.Name, info.Shape, file.ReadBytes(info.Name), info.Type);
        writer.Save(folder.File("again.safetensors"));
        Assert.Equal(File.ReadAllBytes(original), File.ReadAllBytes(folder.File("again.safetensors")));
    }

    [Fact]
    public void Values_that_are_asked_for_part_by_part_are_written_like_an_array()
    {
        float[] values = [.. Enumerable.Range(0, 700_000).Select(i => MathF.Sin(i))];
        using var folder = new TemporaryFolder();
        foreach (StorageType type in new[] { StorageType.F32, StorageType.F16, StorageType.BF16 })
        {
            var array = new SafeTensorsWriter();
            array.Add("w", [700, 1000], values, type);
            array.Save(folder.File("array"));
            var parts = new SafeTensorsWriter();
            parts.Add("w", [700, 1000], (start, part) => values.AsSpan((int)start, part.Length).CopyTo(part), type);
            parts.Save(folder.File("parts"));
            Assert.Equal(File.ReadAllBytes(folder.File("array")), File.ReadAllBytes(folder.File("parts")));
        }
    }

    [Fact]
    public void An_empty_file_opens_again()
    {
        using var folder = new TemporaryFolder();
        new SafeTensorsWriter([]).Save(folder.File("empty"));
        using var file = SafeTensorsFile.Open(folder.File("empty"));
        Assert.Empty(file.Tensors);
        Assert.Empty(file.Metadata);
    }

    [Fact]
    public void Wrong_use_is_refused()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("a", [2], new float[2]);
        Assert.Throws<ArgumentException>(() => writer.Add("a", [2], new float[2]));
        Assert.Throws<ArgumentException>(() => writer.Add("b", [3], new float[2]));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", [2], new float[2]));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.Add("c", [2], new float[2], StorageType.I64));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public void A_file_above_two_gigabytes_is_written_and_read()
    {
        const long rows = 600_000, columns = 1000, count = rows * columns;
        using var folder = new TemporaryFolder();
        string path = folder.File("large.safetensors");
        var writer = new SafeTensorsWriter();
        writer.Add("large", [rows, columns], (start, part) =>
        {
            part.Clear();
            if (start + part.Length == count) part[^1] = 42;
        });
        writer.Add("small", [1], new float[] { 7 });
        writer.Save(path);
        using var file = SafeTensorsFile.Open(path);
        Assert.Equal([7], file.ReadFloats("small"));
        Assert.Equal("ATN0407", Assert.Throws<AteneaException>(() => file.ReadBytes("large")).Code.Id);
        var end = new float[2];
        file.CopyTo("large", count - 2, end);
        Assert.Equal([0, 42], end);
        Assert.Throws<ArgumentOutOfRangeException>(() => file.CopyTo("large", count - 1, end));
    }
}

using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class AtomicFileTests
{
    [Fact]
    public void Text_is_written_without_a_byte_order_mark_and_folders_are_made()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("a/b/c.txt");
        AtomicFile.WriteText(path, "é\n");
        Assert.Equal([0xc3, 0xa9, 0x0a], File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
    }

    [Fact]
    public void A_writer_that_fails_leaves_the_old_file_and_no_litter()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("kept.txt", "old");
        Assert.Throws<InvalidDataException>(() => AtomicFile.Write(path, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidDataException();
        }));
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder.Path));
        AtomicFile.WriteText(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_place_that_cannot_be_written_has_a_code()
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("file", "");
        Assert.Equal("ATN0403", Assert.Throws<AteneaException>(() => AtomicFile.WriteText(Path.Combine(file, "below.txt"), "")).Code.Id);
        Directory.CreateDirectory(folder.File("taken"));
        Assert.Equal("ATN0403", Assert.Throws<AteneaException>(() => AtomicFile.WriteText(folder.File("taken"), "")).Code.Id);
    }
}

namespace Atenea.Training.Tests;

public sealed class RunFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public void A_folder_whose_writing_fails_stays_as_it_was()
    {
        _folder.Write("run/last/model", "old");
        Assert.Throws<InvalidOperationException>(() => RunFolder.Replace(_folder.File("run", "last"), path =>
        {
            File.WriteAllText(Path.Combine(path, "model"), "new");
            throw new InvalidOperationException("cut off");
        }));
        Assert.Equal("old", File.ReadAllText(_folder.File("run", "last", "model")));
        RunFolder.Replace(_folder.File("run", "last"), path => File.WriteAllText(Path.Combine(path, "model"), "newer"));
        Assert.Equal("newer", File.ReadAllText(_folder.File("run", "last", "model")));
        Assert.Equal(["last"], Directory.GetDirectories(_folder.File("run")).Select(Path.GetFileName));
    }

    [Fact]
    public void A_replacement_cut_off_between_its_renames_is_put_back()
    {
        _folder.Write("run/last.old/model", "old");
        _folder.Write("run/last.new/model", "half");
        RunFolder.Recover(_folder.File("run", "last"));
        Assert.Equal("old", File.ReadAllText(_folder.File("run", "last", "model")));
        RunFolder.Recover(_folder.File("run", "last"));
        Assert.Equal("old", File.ReadAllText(_folder.File("run", "last", "model")));
    }

    [Fact]
    public void Clearing_removes_what_a_run_writes_and_nothing_else()
    {
        foreach (string name in new[] { "config.yaml", "history.jsonl", "metrics.json", "notes.txt", "best/model", "last/model",
            "last.old/model", "checkpoint-12/model", "checkpoint-mine/model" })
            _folder.Write("run/" + name, "x");
        new RunFolder(_folder.File("run")).Clear();
        Assert.Equal(["checkpoint-mine/model", "notes.txt"],
            Directory.GetFiles(_folder.File("run"), "*", SearchOption.AllDirectories).Select(f => Path.GetRelativePath(_folder.File("run"),
                f).Replace('\\', '/')).Order());
    }

    public void Dispose() => _folder.Dispose();
}

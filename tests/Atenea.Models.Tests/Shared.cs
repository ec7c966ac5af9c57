namespace Atenea.Models.Tests;

/// <summary>Finds the reference files beside the repository, for slow tests.</summary>
internal static class Shared
{
    public static string Path(params string[] parts)
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Atenea.slnx"))) folder = folder.Parent;
        Assert.NotNull(folder);
        string path = System.IO.Path.Combine([folder.Parent!.FullName, "shared", .. parts]);
        Assert.True(File.Exists(path) || Directory.Exists(path), $"this slow test needs {path}");
        return path;
    }
}

namespace Atenea.Errors.Tests;

/// <summary>Finds the repository that the tests were built in.</summary>
internal static class Repository
{
    public static string File(params ReadOnlySpan<string> parts)
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "Atenea.slnx"))) return Path.Combine([folder.FullName, .. parts]);
        }

        throw new DirectoryNotFoundException("the tests run outside the repository");
    }
}

using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Turns what the file system says into errors for users.</summary>
public static class FileErrors
{
    /// <summary>A file or folder that could not be opened or read.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">The exception of the file system.</param>
    public static AteneaException CannotRead(string path, Exception cause) => cause switch
    {
        FileNotFoundException or DirectoryNotFoundException => new AteneaException(Catalogue.FileMissing, $"'{path}'", inner: cause),
        _ when Directory.Exists(path) => new AteneaException(Catalogue.FileUnreadable, $"'{path}' is a folder", inner: cause),
        _ => new AteneaException(Catalogue.FileUnreadable, cause.Message, path, inner: cause),
    };

    /// <summary>A file that could not be created, written or renamed into place.</summary>
    /// <param name="path">The file.</param>
    /// <param name="cause">The exception of the file system.</param>
    public static AteneaException CannotWrite(string path, Exception cause) =>
        new(Catalogue.FileUnwritable, cause.Message, path, inner: cause);

    /// <summary>Reads a whole text file as UTF-8 (a byte order mark is dropped).</summary>
    /// <exception cref="AteneaException">The file is missing or unreadable (ATN0401, ATN0402).</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CannotRead(path, e);
        }
    }
}

using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>Turns what the file system says while the cache is written into errors for users.</summary>
internal static class CacheErrors
{
    // ENOSPC, EDQUOT (Linux, macOS), and Windows' ERROR_DISK_FULL and ERROR_HANDLE_DISK_FULL.
    private static readonly int[] DiskFullCodes = [28, 122, 69, unchecked((int)0x80070070), unchecked((int)0x80070027)];

    // EROFS, and Windows' ERROR_WRITE_PROTECT.
    private static readonly int[] ReadOnlyCodes = [30, unchecked((int)0x80070013)];

    /// <summary>The error of a failed write.</summary>
    /// <param name="path">What was written.</param>
    /// <param name="cause">What the file system said.</param>
    public static AteneaException CannotWrite(string path, Exception cause) => cause switch
    {
        AteneaException { InnerException: { } inner } when inner is IOException or UnauthorizedAccessException => CannotWrite(path, inner),
        IOException when DiskFullCodes.Contains(cause.HResult) =>
            new AteneaException(Catalogue.DiskFull, cause.Message, path, inner: cause),
        UnauthorizedAccessException => new AteneaException(Catalogue.CacheUnwritable, cause.Message, path, inner: cause),
        _ when ReadOnlyCodes.Contains(cause.HResult) => new AteneaException(Catalogue.CacheUnwritable, cause.Message, path, inner: cause),
        _ => new AteneaException(Catalogue.CacheUnwritable, cause.Message, path,
            "check the path, its permissions and the disk, or set HF_HOME to another folder", cause),
    };

    /// <summary>The error when the space that a file still needs is not there.</summary>
    /// <param name="path">Where it would be.</param>
    /// <param name="needed">Bytes still to come.</param>
    /// <param name="free">Bytes that are free.</param>
    public static AteneaException NoSpace(string path, long needed, long free) =>
        new(Catalogue.DiskFull, $"{needed} bytes are still to come, {free} are free", path);
}

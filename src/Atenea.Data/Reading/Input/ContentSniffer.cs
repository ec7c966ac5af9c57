using System.Text;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Recognises files that are something else than their name says, by their first bytes.</summary>
internal static class ContentSniffer
{
    private static readonly byte[] Zip = [0x50, 0x4B, 0x03, 0x04];
    private static readonly byte[] GZip = [0x1F, 0x8B];

    private static readonly (byte[] Start, string What, string Remedy)[] Signatures =
    [
        ([0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1], "an Excel workbook or another Office file (before 2007)",
            "open it and save it as CSV UTF-8"),
        ("PAR1"u8.ToArray(), "a Parquet file", "give it the ending .parquet"),
        ("%PDF-"u8.ToArray(), "a PDF file", "export its text"),
        ("SQLite format 3\0"u8.ToArray(), "an SQLite database", "export the table as CSV"),
        ("ARROW1"u8.ToArray(), "an Arrow file", "save it as Parquet or CSV"),
        ([0x28, 0xB5, 0x2F, 0xFD], "a Zstandard file", "unpack it first"),
        ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "an xz file", "unpack it first"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "a 7z file", "unpack it first"),
        ("BZh"u8.ToArray(), "a bzip2 file", "unpack it first"),
        ("version https://git-lfs.github.com/spec/"u8.ToArray(), "a Git LFS pointer; the data themselves were not downloaded",
            "fetch them with 'git lfs pull', or download the file again"),
    ];

    /// <summary>Whether the bytes start a gzip file.</summary>
    public static bool IsGZip(ReadOnlySpan<byte> start) => start.StartsWith(GZip);

    /// <summary>Refuses bytes that are no text of rows.</summary>
    /// <param name="start">The first bytes of the file, unpacked.</param>
    /// <param name="path">The file.</param>
    /// <exception cref="AteneaException">The file is another kind of file (ATN0214).</exception>
    public static void Check(ReadOnlySpan<byte> start, string path)
    {
        if (start.StartsWith(Zip))
        {
            bool excel = start.IndexOf("xl/"u8) >= 0 || start.IndexOf("[Content_Types].xml"u8) >= 0;
            throw Wrong(path, excel ? "an Excel workbook" : "a zip archive",
                excel ? "open it and save it as CSV UTF-8" : "unpack it first");
        }

        if (IsGZip(start)) throw Wrong(path, "a gzip file", "unpack it first, or give its name the ending .gz after that of its content");
        foreach ((byte[] signature, string what, string remedy) in Signatures)
        {
            if (start.StartsWith(signature)) throw Wrong(path, what, remedy);
        }

        if (IsHtml(start))
            throw Wrong(path, "an HTML page", "the download probably failed: get the file itself, not the page that shows it");
    }

    private static bool IsHtml(ReadOnlySpan<byte> start)
    {
        string text = Encoding.Latin1.GetString(start[..Math.Min(start.Length, 256)])
            .TrimStart('\u00EF', '\u00BB', '\u00BF', ' ', '\t', '\r', '\n');
        return text.StartsWith("<!doctype html", StringComparison.OrdinalIgnoreCase)
            || text.StartsWith("<html", StringComparison.OrdinalIgnoreCase);
    }

    private static AteneaException Wrong(string path, string what, string remedy) =>
        new(Catalogue.FileIsSomethingElse, $"this is {what}", path, remedy);
}

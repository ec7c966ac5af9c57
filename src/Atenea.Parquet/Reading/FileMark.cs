using System.Text;
using Atenea.Errors;

namespace Atenea.Parquet;

/// <summary>Looks at both ends of a file and says what it is if it is no Parquet.</summary>
internal static class FileMark
{
    private const int SmallestFile = 12;
    private const int HeadBytes = 64;

    /// <summary>Checks the marks.</summary>
    /// <exception cref="DamagedException">The file is truncated, encrypted, or something else.</exception>
    public static void Check(FileBytes file)
    {
        long length = file.Length;
        if (length == 0) throw new DamagedException(Catalogue.ParquetTruncated, "the file is empty");
        byte[] head = Read(file, 0, (int)Math.Min(HeadBytes, length));
        bool begins = head.AsSpan().StartsWith("PAR1"u8);
        if (!begins && !head.AsSpan().StartsWith("PARE"u8))
        {
            byte[] end = Read(file, Math.Max(0, length - ParquetFile.MagicBytes), (int)Math.Min(ParquetFile.MagicBytes, length));
            throw new DamagedException(Catalogue.ParquetNotParquet, end.AsSpan().SequenceEqual("PAR1"u8)
                ? "it ends like Parquet but does not begin so: its start is missing or overwritten" : Describe(head));
        }

        if (length < SmallestFile) throw new DamagedException(Catalogue.ParquetTruncated, $"{length} bytes");
        byte[] tail = Read(file, length - ParquetFile.MagicBytes, ParquetFile.MagicBytes);
        if (tail.AsSpan().SequenceEqual("PARE"u8)) throw new DamagedException(Catalogue.ParquetEncrypted, "its footer is encrypted");
        if (!tail.AsSpan().SequenceEqual("PAR1"u8))
        {
            throw new DamagedException(Catalogue.ParquetTruncated,
                "it begins like Parquet but does not end so: its footer is missing, or something follows it");
        }
    }

    private static string Describe(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("version https://git-lfs"u8))
            return "it is a Git LFS pointer: the real file was not downloaded (run `git lfs pull`)";
        if (head is [0x1F, 0x8B, ..]) return "it is compressed with gzip: decompress it first";
        if (head.StartsWith("ARROW1"u8)) return "it is an Arrow IPC (Feather) file";
        if (head.StartsWith("PK"u8)) return "it is a zip file";
        if (head is [0x28, 0xB5, 0x2F, 0xFD, ..]) return "it is compressed with zstd: decompress it first";
        string text = Encoding.UTF8.GetString(head).TrimStart();
        if (text.StartsWith('<')) return "it is an HTML or XML page, perhaps a server's error message";
        // The last character may be cut.
        bool isText = text.Length > 0 && !text.TrimEnd('\uFFFD').Contains('\uFFFD')
            && !text.Any(c => char.IsControl(c) && c is not ('\r' or '\n' or '\t'));
        if (isText) return $"it is text that begins with '{text.Split('\n')[0].Trim()}'";
        return $"it begins with the bytes {Convert.ToHexString(head[..Math.Min(8, head.Length)])}";
    }

    private static byte[] Read(FileBytes file, long offset, int count)
    {
        var bytes = new byte[count];
        file.Read(bytes, offset);
        return bytes;
    }
}

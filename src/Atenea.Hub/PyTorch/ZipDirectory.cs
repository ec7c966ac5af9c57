using System.Buffers.Binary;
using System.Text;
using Atenea.Errors;

namespace Atenea.Hub;

/// <summary>
/// Where the records of a zip file lie. PyTorch stores them uncompressed so that they can be read by position; the archive classes of
/// .NET give streams and no positions, so the directory is read here: the few fields of it that say where bytes are. Format: PKWARE's
/// APPNOTE.TXT, 4.3, zip64 included.
/// </summary>
internal static class ZipDirectory
{
    private const uint LocalMark = 0x04034b50, EntryMark = 0x02014b50;
    private const uint EndMark = 0x06054b50, End64Mark = 0x06064b50, Locator64Mark = 0x07064b50;
    private const int LocalBytes = 30, EntryBytes = 46, EndBytes = 22, End64Bytes = 56, Locator64Bytes = 20;
    private const int LongestComment = ushort.MaxValue;
    private const long LongestDirectory = 1 << 26;

    /// <summary>The records by name: first byte and length.</summary>
    /// <exception cref="AteneaException">The file ends too early (ATN0480), or its directory makes no sense (ATN0481).</exception>
    public static Dictionary<string, (long Start, long Length)> Read(BinaryFile file)
    {
        (long start, long length) = FindDirectory(file);
        if (start < 0 || length < 0 || start > file.Length - length || length > LongestDirectory)
            throw Malformed(file, "its directory is not inside it");
        var records = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        for (ReadOnlySpan<byte> rest = file.ReadBytes(start, (int)length); rest.Length > 0;)
        {
            if (rest.Length < EntryBytes) throw Malformed(file, "its directory ends inside an entry");
            if (UInt32(rest, 0) != EntryMark) throw Malformed(file, "its directory holds what is no entry");
            int nameLength = UInt16(rest, 28), extraLength = UInt16(rest, 30), commentLength = UInt16(rest, 32);
            int entryLength = EntryBytes + nameLength + extraLength + commentLength;
            if (rest.Length < entryLength) throw Malformed(file, "its directory ends inside an entry");
            string name = Encoding.UTF8.GetString(rest.Slice(EntryBytes, nameLength));
            ReadOnlySpan<byte> extra = rest.Slice(EntryBytes + nameLength, extraLength);
            if (!records.TryAdd(name, Record(file, name, rest, extra)))
                throw Malformed(file, $"it holds '{Unpickler.Printable(name)}' twice");
            rest = rest[entryLength..];
        }

        return records;
    }

    private static (long Start, long Length) FindDirectory(BinaryFile file)
    {
        int window = (int)Math.Min(file.Length, EndBytes + LongestComment);
        ReadOnlySpan<byte> tail = file.ReadBytes(file.Length - window, window);
        int at = window - EndBytes;
        while (at >= 0 && UInt32(tail, at) != EndMark) at--;
        if (at < 0)
            throw new AteneaException(Catalogue.PyTorchFileTruncated, "the directory at the end of the zip file is not there", file.Path);
        long length = UInt32(tail, at + 12), start = UInt32(tail, at + 16);
        long locator = file.Length - window + at - Locator64Bytes;
        if (locator < 0 || UInt32(file.ReadBytes(locator, 4), 0) != Locator64Mark) return (start, length);

        long end64 = Int64(file.ReadBytes(locator, Locator64Bytes), 8);
        if (end64 < 0 || end64 > file.Length - End64Bytes || UInt32(file.ReadBytes(end64, 4), 0) != End64Mark)
            throw Malformed(file, "the end of its directory is not where it says");
        ReadOnlySpan<byte> end = file.ReadBytes(end64, End64Bytes);
        return (Int64(end, 48), Int64(end, 40));
    }

    private static (long Start, long Length) Record(BinaryFile file, string name, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> extra)
    {
        const int Encrypted = 1;
        if ((UInt16(entry, 8) & Encrypted) != 0 || UInt16(entry, 10) != 0)
            throw Malformed(file, $"'{Unpickler.Printable(name)}' is compressed or encrypted, which PyTorch never does");
        long stored = UInt32(entry, 20), length = UInt32(entry, 24), local = UInt32(entry, 42);
        ReadOnlySpan<byte> wide = Field64(extra);
        length = Widen(file, length, ref wide);
        stored = Widen(file, stored, ref wide);
        local = Widen(file, local, ref wide);
        if (stored != length) throw Malformed(file, $"'{Unpickler.Printable(name)}' has two lengths");
        if (local < 0 || local > file.Length - LocalBytes || UInt32(file.ReadBytes(local, 4), 0) != LocalMark)
            throw Malformed(file, $"'{Unpickler.Printable(name)}' is not where the directory says");
        ReadOnlySpan<byte> header = file.ReadBytes(local, LocalBytes);
        long start = local + LocalBytes + UInt16(header, 26) + UInt16(header, 28);
        if (length < 0 || start > file.Length - length)
        {
            throw new AteneaException(Catalogue.PyTorchFileTruncated, $"'{Unpickler.Printable(name)}' does not lie inside the file",
                file.Path);
        }

        return (start, length);
    }

    /// <summary>The values of the extra field that holds what 32 bits cannot (number 1); empty if there is none.</summary>
    private static ReadOnlySpan<byte> Field64(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4)
        {
            int length = Math.Min(UInt16(extra, 2), extra.Length - 4);
            if (UInt16(extra, 0) == 1) return extra.Slice(4, length);
            extra = extra[(4 + length)..];
        }

        return default;
    }

    private static long Widen(BinaryFile file, long value, ref ReadOnlySpan<byte> wide)
    {
        if (value != uint.MaxValue) return value;
        if (wide.Length < sizeof(long)) throw Malformed(file, "an entry lacks its 64-bit size");
        long result = Int64(wide, 0);
        wide = wide[sizeof(long)..];
        return result;
    }

    private static int UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static AteneaException Malformed(BinaryFile file, string what) => new(Catalogue.PyTorchFileMalformed, what, file.Path);
}

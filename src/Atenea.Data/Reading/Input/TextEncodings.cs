using System.Globalization;
using System.Text;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Text encodings by name and by byte order mark.</summary>
internal static class TextEncodings
{
    /// <summary>The name of UTF-8 without a byte order mark.</summary>
    public const string Utf8 = "utf-8";

    private static readonly (byte[] Mark, string Name)[] Marks =
    [
        ([0xEF, 0xBB, 0xBF], "utf-8-bom"),
        ([0xFF, 0xFE, 0x00, 0x00], "utf-32-le"), // before UTF-16, whose mark it begins with
        ([0x00, 0x00, 0xFE, 0xFF], "utf-32-be"),
        ([0xFF, 0xFE], "utf-16-le"),
        ([0xFE, 0xFF], "utf-16-be"),
    ];

    // Python's and Microsoft's names for code pages are these and the number.
    private static readonly string[] CodePagePrefixes = ["windows-", "cp", "ibm", "ms"];

    /// <summary>The encoding that a byte order mark names, and the mark's length.</summary>
    public static (string Name, int Length)? FromMark(ReadOnlySpan<byte> start)
    {
        foreach ((byte[] mark, string name) in Marks)
        {
            if (start.StartsWith(mark)) return (name, mark.Length);
        }

        return null;
    }

    /// <summary>Whether bytes without a mark are UTF-16: of Western text nearly every second byte is zero.</summary>
    public static string? GuessWide(ReadOnlySpan<byte> start)
    {
        int even = 0, odd = 0;
        for (int i = 0; i < start.Length; i++)
        {
            if (start[i] != 0) continue;
            if ((i & 1) == 0) even++;
            else odd++;
        }

        int third = start.Length / 6; // a third of the bytes at even, or at odd, places
        if (start.Length < 4 || Math.Max(even, odd) <= third) return null;
        return odd > 4 * even ? "utf-16-le" : even > 4 * odd ? "utf-16-be" : null;
    }

    /// <summary>An encoding that a user named, for the bytes that it is to decode: UTF-16 and UTF-32 go by their mark.</summary>
    /// <param name="name">A name of .NET or of Python.</param>
    /// <param name="start">The file's first bytes.</param>
    /// <returns>The name in small letters with hyphens, and the bytes of a mark to skip.</returns>
    public static (string Name, int Mark) Named(string name, ReadOnlySpan<byte> start)
    {
        string plain = Plain(name);
        if (plain is "utf16" or "utf32") plain = plain.Insert(3, "-");
        if (FromMark(start) is not { } marked) return (plain, 0);
        return plain is "utf-16" or "utf-32" && marked.Name.StartsWith(plain, StringComparison.Ordinal) ? marked : (plain, marked.Length);
    }

    /// <summary>An encoding by its name that throws at what it cannot decode; null for UTF-8.</summary>
    /// <param name="name">A name of .NET or of Python: <c>windows-1251</c>, <c>cp1251</c>, <c>latin_1</c>, <c>shift_jis</c>.</param>
    /// <exception cref="AteneaException">There is no such encoding (ATN0252).</exception>
    public static Encoding? Find(string name)
    {
        Encoding? found = Plain(name) switch
        {
            "utf-8" or "utf8" or "utf-8-bom" or "utf-8-sig" => Encoding.UTF8,
            "utf-16" or "utf-16-le" or "utf-16le" => Encoding.Unicode,
            "utf-16-be" or "utf-16be" => Encoding.BigEndianUnicode,
            "utf-32" or "utf-32-le" or "utf-32le" => new UTF32Encoding(bigEndian: false, byteOrderMark: false),
            "utf-32-be" or "utf-32be" => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            "ascii" => Encoding.ASCII,
            "latin1" or "latin-1" or "l1" => Encoding.Latin1,
            "shift-jis" or "shiftjis" or "sjis" => CodePage(932),
            "gbk" => CodePage(936),
            "mac-roman" or "macroman" => CodePage(10000),
            string plain when plain.StartsWith("iso8859-", StringComparison.Ordinal) => ByName("iso-" + plain[3..]),
            string plain when CodePageNumber(plain) is { } number => CodePage(number),
            string plain => ByName(plain) ?? ByName(name),
        };
        if (found is null)
        {
            throw new AteneaException(Catalogue.EncodingUnknown, $"'{name}'", remedy: Suggestion.DidYouMean(name,
                ["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "shift_jis", "gb18030"]));
        }

        return found is UTF8Encoding ? null : Throwing(found);
    }

    /// <summary>Windows-1252, the one-byte encoding of Western Europe; its unused bytes become control characters.</summary>
    public static Encoding Windows1252 => CodePage(1252)!;

    private static string Plain(string name) => name.ToLowerInvariant().Replace('_', '-');

    private static int? CodePageNumber(string name)
    {
        foreach (string prefix in CodePagePrefixes)
        {
            if (!name.StartsWith(prefix, StringComparison.Ordinal)) continue;
            if (int.TryParse(name.AsSpan(prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number)) return number;
        }

        return null;
    }

    private static Encoding? CodePage(int number)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(number) ?? Encoding.GetEncoding(number);
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    private static Encoding? ByName(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Encoding Throwing(Encoding encoding)
    {
        var clone = (Encoding)encoding.Clone();
        clone.DecoderFallback = DecoderFallback.ExceptionFallback;
        return clone;
    }
}

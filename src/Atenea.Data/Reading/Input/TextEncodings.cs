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

    /// <summary>An encoding by its name that throws at what it cannot decode; null for UTF-8.</summary>
    /// <exception cref="AteneaException">There is no such encoding (ATN0252).</exception>
    public static Encoding? Find(string name)
    {
        Encoding found = name.ToLowerInvariant() switch
        {
            "utf-8" or "utf8" or "utf-8-bom" or "utf-8-sig" => Encoding.UTF8,
            "utf-16-le" or "utf-16le" => Encoding.Unicode,
            "utf-16-be" or "utf-16be" => Encoding.BigEndianUnicode,
            "utf-32-le" or "utf-32le" => new UTF32Encoding(bigEndian: false, byteOrderMark: false),
            "utf-32-be" or "utf-32be" => new UTF32Encoding(bigEndian: true, byteOrderMark: false),
            "cp1252" => Windows1252,
            "latin1" or "latin-1" => Encoding.Latin1,
            _ => Other(name),
        };
        return found is UTF8Encoding ? null : (Encoding)Throwing(found);
    }

    /// <summary>Windows-1252, the one-byte encoding of Western Europe; its unused bytes become control characters.</summary>
    public static Encoding Windows1252 => CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    private static object Throwing(Encoding encoding)
    {
        object clone = encoding.Clone();
        ((Encoding)clone).DecoderFallback = DecoderFallback.ExceptionFallback;
        return clone;
    }

    private static Encoding Other(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException e)
        {
            throw new AteneaException(Catalogue.EncodingUnknown, $"'{name}'", remedy: Suggestion.DidYouMean(name,
                ["utf-8", "utf-16-le", "utf-16-be", "windows-1252", "iso-8859-1", "shift_jis", "gb18030"]), inner: e);
        }
    }
}

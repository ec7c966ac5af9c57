using System.Text;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>Reading vocabulary files as strict UTF-8.</summary>
internal static class TextFiles
{
    /// <summary>UTF-8 that throws at invalid bytes.</summary>
    public static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>
    /// All lines of a file, without their ends. Only LF and CR LF end a line: vocabularies hold other separators as tokens.
    /// </summary>
    public static string[] ReadLines(string path)
    {
        string text = ReadAll(path);
        string[] lines = text.Split('\n');
        int count = lines.Length > 0 && lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        for (int i = 0; i < count; i++)
        {
            lines[i] = lines[i].EndsWith('\r') ? lines[i][..^1] : lines[i];
        }

        return lines[..count];
    }

    /// <summary>Opens a file for reading in parts with <see cref="ReadStrict"/>.</summary>
    public static StreamReader OpenStrict(string path) => new(Open(path), Strict, detectEncodingFromByteOrderMarks: false);

    /// <summary>Opens a file for reading.</summary>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Reads the next part of a file; 0 at its end.</summary>
    public static int ReadStrict(StreamReader reader, Span<char> buffer, string path)
    {
        try
        {
            return reader.Read(buffer);
        }
        catch (DecoderFallbackException e)
        {
            throw new AteneaException(Catalogue.TokenizerFileEncoding, "the file holds bytes that are not UTF-8", path, inner: e);
        }
    }

    /// <summary>The text of a file, without a byte order mark.</summary>
    public static string ReadAll(string path)
    {
        byte[] bytes = ReadBytes(path);

        try
        {
            ReadOnlySpan<byte> content = bytes;
            return Strict.GetString(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
        }
        catch (DecoderFallbackException e)
        {
            throw new AteneaException(Catalogue.TokenizerFileEncoding, $"byte {e.Index} is not UTF-8", path, inner: e);
        }
    }

    /// <summary>The bytes of a file.</summary>
    public static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    private static AteneaException Unreadable(string path, Exception inner) => new(
        Catalogue.TokenizerFilesMissing, "the file cannot be read: " + inner.Message, path, "check the path and its permissions", inner);
}

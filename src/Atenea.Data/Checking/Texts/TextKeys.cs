using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Atenea.Data;

/// <summary>
/// Stands for texts by 64 bits of their SHA-256: two different texts among three million share a key with a probability below one in a
/// million.
/// </summary>
internal static class TextKeys
{
    private const int OnStack = 512;

    /// <summary>The key of a text as it is.</summary>
    public static ulong Exact(ReadOnlySpan<char> text)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(text), hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>The key of a text without regard to case, amount of white space and invisible characters.</summary>
    public static ulong Near(ReadOnlySpan<char> text)
    {
        char[]? rented = text.Length > OnStack ? ArrayPool<char>.Shared.Rent(text.Length) : null;
        Span<char> folded = rented is null ? stackalloc char[OnStack] : rented;
        ulong key = Exact(folded[..Fold(text, folded)]);
        if (rented is not null) ArrayPool<char>.Shared.Return(rented);
        return key;
    }

    /// <summary>A text in lower case, with single spaces inside, none outside, and no invisible characters.</summary>
    public static string Folded(string text)
    {
        var folded = new char[text.Length];
        return new string(folded, 0, Fold(text, folded));
    }

    private static int Fold(ReadOnlySpan<char> text, Span<char> folded)
    {
        int length = 0;
        bool space = false;
        foreach (char c in text)
        {
            if (char.IsWhiteSpace(c))
            {
                space = length > 0;
                continue;
            }

            if (c > '~' && char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.Control) continue;
            if (space) folded[length++] = ' ';
            space = false;
            folded[length++] = char.ToLowerInvariant(c);
        }

        return length;
    }
}

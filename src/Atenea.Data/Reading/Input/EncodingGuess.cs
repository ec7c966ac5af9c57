using System.Globalization;
using UtfUnknown;

namespace Atenea.Data;

/// <summary>What the encoding of text that is not UTF-8 looks like.</summary>
/// <param name="Name">Its name for <see cref="TextEncodings.Find"/>.</param>
/// <param name="Said">The detector's own word with its confidence, for the note; null if it has none.</param>
internal sealed record EncodingGuess(string Name, string? Said)
{
    /// <summary>The one-byte encoding of Western Europe, which is taken where nothing speaks for another one.</summary>
    public const string Usual = "windows-1252";

    // Measured on manual pages in twenty languages. Encodings of several bytes are recognised beyond doubt after a few words. Alphabets
    // other than the Latin one are so from some words on. Among the Latin ones short texts are mistaken for each other: one in ten Spanish
    // lines looks Czech, of texts with forty such letters none.
    private const double SureConfidence = 0.9;
    private const double FairConfidence = 0.5;
    private const double LatinConfidence = 0.7;
    private const int LatinCharacters = 40;

    /// <summary>Whether the encoding is the usual one.</summary>
    public bool IsUsual => Name == Usual;

    /// <summary>Asks the detector.</summary>
    /// <param name="sample">A part of the file that has characters beyond ASCII.</param>
    public static EncodingGuess Of(ReadOnlySpan<byte> sample)
    {
        DetectionDetail? word = CharsetDetector.DetectFromBytes(sample).Detected;
        if (word?.EncodingName is null or "ascii") return new EncodingGuess(Usual, null);
        string said = string.Create(CultureInfo.InvariantCulture, $"{word.EncodingName}, {100 * word.Confidence:0} % sure");
        return new EncodingGuess(Accept(word.EncodingName, word.Confidence, sample) ?? Usual, said);
    }

    private static string? Accept(string name, double confidence, ReadOnlySpan<byte> sample)
    {
        switch (name)
        {
            case "gb18030" or "big5" or "euc-jp":
                return confidence >= SureConfidence ? name : null;
            case "shift-jis":
                return confidence >= SureConfidence ? "shift_jis" : null;
            case "euc-kr" or "cp949":
                return confidence >= SureConfidence ? "cp949" : null; // the larger of the two
            case "windows-1251" or "windows-1253" or "windows-1255" or "windows-1256" or "koi8-r" or "ibm866" or "iso-8859-5":
                return confidence >= FairConfidence ? name : null;
            case "iso-8859-7":
                return confidence >= FairConfidence ? Twin(name, "windows-1253", sample) : null;
            case "tis-620":
                return confidence >= FairConfidence ? "windows-874" : null;
            case "windows-1250" or "iso-8859-2":
                return IsSureLatin(confidence, sample) ? Twin(name, "windows-1250", sample) : null;
            case "windows-1254" or "iso-8859-9":
                return IsSureLatin(confidence, sample) ? "windows-1254" : null; // the larger of the two
            case "windows-1257" or "iso-8859-13":
                return IsSureLatin(confidence, sample) ? "windows-1257" : null;
            default:
                return null;
        }
    }

    private static bool IsSureLatin(double confidence, ReadOnlySpan<byte> sample)
    {
        int characters = 0;
        foreach (byte value in sample)
        {
            if (value >= 0x80) characters++;
        }

        return confidence >= LatinConfidence && characters >= LatinCharacters;
    }

    /// <summary>Windows has letters and quotation marks where ISO 8859 has control characters, which no text holds.</summary>
    private static string Twin(string name, string windows, ReadOnlySpan<byte> sample) =>
        sample.ContainsAnyInRange((byte)0x80, (byte)0x9F) ? windows : name;
}

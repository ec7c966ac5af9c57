using System.Text;
using System.Text.RegularExpressions;

namespace Atenea.Data;

/// <summary>Says what is wrong with a line that is not JSON, in the words of its likely author.</summary>
internal static partial class JsonFaults
{
    /// <summary>What is wrong, and what to do about it.</summary>
    /// <param name="line">The line.</param>
    /// <param name="isUnfinished">Whether the file ends with it, without a line end.</param>
    /// <param name="parser">What the parser said.</param>
    public static (string What, string Remedy) Explain(ReadOnlySpan<byte> line, bool isUnfinished, string parser)
    {
        string text = Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4096)]).Trim();
        if (NotANumber().Match(text) is { Success: true } number)
            return ($"{number.Groups[1].Value} is not valid JSON (pandas and Python write it)", "write null, or leave the row out");
        if (text.StartsWith("{'", StringComparison.Ordinal) || text.StartsWith("['", StringComparison.Ordinal))
            return ("not JSON but a Python dictionary: names and texts need double quotes", "write the rows with json.dumps");
        if (isUnfinished && !text.EndsWith('}'))
            return ("the last line is not valid JSON: the file was probably cut", "get the file again, or remove the line");
        return ($"not JSON: {parser}", "write one JSON object per line");
    }

    [GeneratedRegex(@"[:\[,]\s*(NaN|-?Infinity)\b")]
    private static partial Regex NotANumber();
}

using System.Text;

namespace Atenea.Tokenizers;

/// <summary>A text file to learn from.</summary>
internal static class CorpusFile
{
    private const int LongestLine = 1 << 20;

    /// <summary>The lines with their line feeds; one longer than <see cref="LongestLine"/> comes in parts.</summary>
    public static IEnumerable<string> ReadLines(string path)
    {
        using StreamReader reader = TextFiles.OpenStrict(path);
        var line = new StringBuilder();
        var buffer = new char[1 << 15];
        while (TextFiles.ReadStrict(reader, buffer, path) is > 0 and int count)
        {
            ReadOnlyMemory<char> rest = buffer.AsMemory(0, count);
            while (!rest.IsEmpty)
            {
                int end = rest.Span.IndexOf('\n');
                int room = LongestLine - line.Length;
                int take = Math.Min(end < 0 ? rest.Length : end + 1, Math.Max(1, room));
                line.Append(rest.Span[..take]);
                rest = rest[take..];
                if (line[^1] == '\n' || (line.Length >= LongestLine && !char.IsHighSurrogate(line[^1])))
                {
                    yield return line.ToString();
                    line.Clear();
                }
            }
        }

        if (line.Length > 0) yield return line.ToString();
    }
}

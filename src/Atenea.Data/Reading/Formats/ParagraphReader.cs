using System.Text;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Reads plain text: a row per paragraph, in the column <c>text</c>. Paragraphs stand between blank lines; their lines are joined by
/// spaces.
/// </summary>
internal sealed class ParagraphReader(string path, Utf8Input input, ReadingLog log) : TableReader(path, log)
{
    private readonly Utf8LineReader _lines = new(path, input);
    private readonly string?[] _cells = new string?[1];

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Paragraphs;

    /// <inheritdoc/>
    public override string? EncodingName => input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["text"];

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        var paragraph = new StringBuilder();
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            string text = Encoding.UTF8.GetString(line).Trim();
            if (text.Length == 0)
            {
                if (paragraph.Length > 0) break;
                continue;
            }

            if (paragraph.Length == 0) Line = _lines.Line;
            else paragraph.Append(' ');
            if (paragraph.Length + text.Length > InputBuffer.MostBytes)
                throw new AteneaException(Catalogue.DataFileMalformed, "a paragraph of more than 128 MB", Place(Line));
            paragraph.Append(text);
        }

        _cells[0] = paragraph.ToString();
        return paragraph.Length > 0;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();
}

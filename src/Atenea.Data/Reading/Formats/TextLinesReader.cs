using System.Text;

namespace Atenea.Data;

/// <summary>Reads plain text: a row per line, blank ones included, in the column <c>text</c>.</summary>
internal sealed class TextLinesReader(string path, Utf8Input input, ReadingLog log) : TableReader(path, log)
{
    private readonly Utf8LineReader _lines = new(path, input);
    private readonly string?[] _cells = new string?[1];

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Text;

    /// <inheritdoc/>
    public override string? EncodingName => input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } = ["text"];

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        if (!_lines.TryRead(out ReadOnlySpan<byte> line)) return false;
        Line = _lines.Line;
        _cells[0] = Encoding.UTF8.GetString(line);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();
}

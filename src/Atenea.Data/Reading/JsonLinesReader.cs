using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads JSON lines: an object per line. Blank lines are counted and passed over.</summary>
internal sealed class JsonLinesReader(string path) : TableReader(path)
{
    private readonly Utf8LineReader _lines = new(path);
    private readonly JsonTable _table = new();

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _table.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _table.Cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            Line = _lines.Line;
            if (line.IndexOfAnyExcept(" \t"u8) < 0)
            {
                BlankLines++;
                continue;
            }
            try
            {
                var json = new Utf8JsonReader(line);
                JsonElement row = JsonElement.ParseValue(ref json);
                if (row.ValueKind != JsonValueKind.Object || json.Read())
                    throw new AteneaException(Catalogue.DataFileMalformed, "the line is not one JSON object", Place(Line));
                _table.SetRow(row);
                return true;
            }
            catch (Exception e) when (e is JsonException or InvalidOperationException)
            {
                throw new AteneaException(Catalogue.DataFileMalformed, $"not JSON: {e.Message}", Place(Line),
                    "write one JSON object per line", e);
            }
        }
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();
}

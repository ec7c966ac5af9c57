using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Reads JSON lines: an object per line. Blank lines are counted and passed over.</summary>
internal sealed class JsonLinesReader(string path, Utf8Input input, ReadingLog log) : JsonTableReader(path, input, log)
{
    private readonly Utf8LineReader _lines = new(path, input);

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.JsonLines;

    /// <inheritdoc/>
    public override bool Read()
    {
        while (_lines.TryRead(out ReadOnlySpan<byte> line))
        {
            Line = _lines.Line;
            if (line.IndexOfAnyExcept(" \t"u8) < 0)
            {
                // JSON lines allow them, so they are nobody's fault.
                Log.Note(Catalogue.BlankLines, "blank lines were passed over", Line, severity: FindingSeverity.Information);
                continue;
            }

            if (ReadRow(line)) return true;
        }

        return false;
    }

    private bool ReadRow(ReadOnlySpan<byte> line)
    {
        try
        {
            var json = new Utf8JsonReader(line);
            JsonElement row = JsonElement.ParseValue(ref json);
            if (row.ValueKind == JsonValueKind.Object && !json.Read())
            {
                Table.SetRow(row, Line, Log);
                return true;
            }

            Log.Problem(Catalogue.DataFileMalformed, "the line is not one JSON object", Path, Line,
                remedy: "write one JSON object per line");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            (string what, string remedy) = JsonFaults.Explain(line, _lines.IsUnfinished, e.Message);
            Log.Problem(Catalogue.DataFileMalformed, what, Path, Line, remedy: remedy, cause: e);
        }

        return false;
    }
}

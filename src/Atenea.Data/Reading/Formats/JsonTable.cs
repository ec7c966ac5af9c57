using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>What the JSON readers share: columns that grow as keys turn up, and cells from values.</summary>
internal sealed class JsonTable
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);
    private readonly List<CellKind> _kinds = [];

    /// <summary>The keys seen so far, in the order of their first appearance.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>The cells of the current row.</summary>
    public List<string?> Cells { get; } = [];

    /// <summary>The kinds of the current row's cells.</summary>
    public IReadOnlyList<CellKind> Kinds => _kinds;

    /// <summary>
    /// Takes an object's values as the current row. Of a key that occurs twice the last value counts, and the log is told.
    /// </summary>
    /// <exception cref="InvalidOperationException">A string holds an escaped lone surrogate.</exception>
    public void SetRow(JsonElement row, long line, ReadingLog log)
    {
        for (int i = 0; i < Cells.Count; i++)
        {
            Cells[i] = null;
            _kinds[i] = CellKind.Missing;
        }

        foreach (JsonProperty property in row.EnumerateObject())
        {
            if (!_indices.TryGetValue(property.Name, out int index))
            {
                index = Columns.Count;
                _indices.Add(property.Name, index);
                Columns.Add(property.Name);
                Cells.Add(null);
                _kinds.Add(CellKind.Missing);
            }

            if (_kinds[index] != CellKind.Missing)
            {
                log.Note(Catalogue.DuplicateKey, $"the key '{property.Name}' occurs twice in one object; the last value counts", line,
                    property.Name);
            }

            Cells[index] = Cell(property.Value);
            _kinds[index] = Kind(property.Value);
        }
    }

    /// <summary>A value as a cell: null for null, text as it is, the rest as JSON.</summary>
    public static string? Cell(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    /// <summary>The kind of a value.</summary>
    public static CellKind Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => CellKind.Null,
        JsonValueKind.String => CellKind.Text,
        JsonValueKind.Number => CellKind.Number,
        JsonValueKind.True or JsonValueKind.False => CellKind.Boolean,
        JsonValueKind.Array => CellKind.List,
        _ => CellKind.Object,
    };
}

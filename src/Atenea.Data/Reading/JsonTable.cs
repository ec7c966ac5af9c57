using System.Text.Json;

namespace Atenea.Data;

/// <summary>What the two JSON readers share: columns that grow as keys turn up, and cells from values.</summary>
internal sealed class JsonTable
{
    private readonly Dictionary<string, int> _indices = new(StringComparer.Ordinal);

    /// <summary>The keys seen so far, in the order of their first appearance.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>The cells of the current row.</summary>
    public List<string?> Cells { get; } = [];

    /// <summary>Whether the file's first character that is not white space opens a list.</summary>
    public static bool IsArray(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        int value;
        do
        {
            value = stream.ReadByte();
        }
        while (value is ' ' or '\t' or '\r' or '\n' or 0xEF or 0xBB or 0xBF);
        return value == '[';
    }

    /// <summary>Takes an object's values as the current row.</summary>
    /// <exception cref="InvalidOperationException">A string holds an escaped lone surrogate.</exception>
    public void SetRow(JsonElement row)
    {
        for (int i = 0; i < Cells.Count; i++) Cells[i] = null;
        foreach (JsonProperty property in row.EnumerateObject())
        {
            if (!_indices.TryGetValue(property.Name, out int index))
            {
                index = Columns.Count;
                _indices.Add(property.Name, index);
                Columns.Add(property.Name);
                Cells.Add(null);
            }
            Cells[index] = property.Value.ValueKind switch
            {
                JsonValueKind.Null => null,
                JsonValueKind.String => property.Value.GetString(),
                _ => property.Value.GetRawText(),
            };
        }
    }
}

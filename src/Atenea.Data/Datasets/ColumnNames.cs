namespace Atenea.Data;

/// <summary>Finds columns by name as people write them.</summary>
internal static class ColumnNames
{
    /// <summary>
    /// The column of exactly this name, else the only one that differs in case or surrounding spaces alone; null if there is none.
    /// </summary>
    public static int? Find(IReadOnlyList<string> columns, string name)
    {
        int? near = null;
        string folded = name.Trim();
        for (int i = 0; i < columns.Count; i++)
        {
            if (columns[i] == name) return i;
            if (!columns[i].Trim().Equals(folded, StringComparison.OrdinalIgnoreCase)) continue;
            if (near is not null) folded = ""; // two columns are as near: neither is meant
            near = i;
        }

        return folded.Length > 0 ? near : null;
    }
}

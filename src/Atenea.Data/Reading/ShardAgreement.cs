using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Files that are read as one must have the same columns, in any order, of types that read alike: else their rows would silently mean other
/// things.
/// </summary>
/// <param name="first">The first file.</param>
/// <param name="columns">Its columns.</param>
/// <param name="types">Their types; null where the format has none.</param>
internal sealed class ShardAgreement(string first, IReadOnlyList<string> columns, IReadOnlyList<ColumnType>? types)
{
    /// <summary>Compares a further file with the first.</summary>
    /// <param name="file">The file.</param>
    /// <param name="otherColumns">Its columns.</param>
    /// <param name="otherTypes">Their types; null where the format has none.</param>
    /// <exception cref="AteneaException">They differ; every column that does is named (ATN0253).</exception>
    public void Check(string file, IReadOnlyList<string> otherColumns, IReadOnlyList<ColumnType>? otherTypes)
    {
        var differences = new List<string>();
        for (int i = 0; i < otherColumns.Count; i++)
        {
            int here = IndexOf(columns, otherColumns[i]);
            if (here < 0) differences.Add($"column '{otherColumns[i]}' is new");
            else if (types is not null && otherTypes is not null && !types[here].AgreesWith(otherTypes[i]))
                differences.Add($"column '{otherColumns[i]}' is {otherTypes[i].Name} instead of {types[here].Name}");
        }

        differences.AddRange(columns.Where(c => IndexOf(otherColumns, c) < 0).Select(c => $"column '{c}' is missing"));
        if (differences.Count > 0)
            throw new AteneaException(Catalogue.ShardsDiffer, $"{string.Join(", ", differences)}, compared with '{first}'", file);
    }

    private static int IndexOf(IReadOnlyList<string> names, string name)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == name) return i;
        }

        return -1;
    }
}

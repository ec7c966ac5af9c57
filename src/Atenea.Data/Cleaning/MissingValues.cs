using System.Collections.Frozen;

namespace Atenea.Data;

/// <summary>The ways in which tables write that there is no value.</summary>
internal static class MissingValues
{
    /// <summary>What pandas reads as missing (<c>read_csv</c>'s default <c>na_values</c>), surrounding spaces aside.</summary>
    private static readonly FrozenSet<string> Words = FrozenSet.Create(StringComparer.Ordinal,
        "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A", "NA", "NULL", "NaN",
        "None", "n/a", "nan", "null");

    /// <summary>Whether a cell says that there is no value.</summary>
    public static bool IsMissing(string? cell) => cell is null || Words.Contains(cell.Trim());

    /// <summary>
    /// The words for missing values that a label column uses as a class: <c>None</c> can be one. A word that names a class is as frequent
    /// as one: at least a twentieth of the rows, and more than two.
    /// </summary>
    public static IReadOnlySet<string> UsedAsClasses(IReadOnlyList<string?> labels)
    {
        const int fewest = 3, share = 20;
        return labels.Where(l => l is "None" or "NA" or "N/A").CountBy(l => l!)
            .Where(g => g.Value >= fewest && g.Value >= labels.Count / share).Select(g => g.Key).ToHashSet(StringComparer.Ordinal);
    }
}

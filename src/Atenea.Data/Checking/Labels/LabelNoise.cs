using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Finds labels that mean the same and are written differently.</summary>
internal static class LabelNoise
{
    /// <summary>What is found among the labels of a split.</summary>
    public static IEnumerable<CheckFinding> Find(LabelTally labels)
    {
        if (labels.Rows.Count > CheckLimits.ComparedLabels) yield break;
        List<KeyValuePair<string, LabelRows>[]> groups = [.. labels.Rows.GroupBy(l => Plain(l.Key), StringComparer.Ordinal)
            .Select(g => g.OrderByDescending(l => l.Value.Count).ToArray())];
        foreach (KeyValuePair<string, LabelRows>[] group in groups.Where(g => g.Length > 1))
        {
            var places = new Places();
            foreach (long line in group.Skip(1).SelectMany(l => l.Value.Lines)) places.Add(line);
            yield return places.ToFinding(Catalogue.LabelVariants, FindingSeverity.Warning,
                $"labels that differ only by case, spaces, punctuation or invisible characters: {string.Join(", ", group.Select(Shown))}",
                group.Skip(1).Sum(l => l.Value.Count));
        }

        foreach (KeyValuePair<string, LabelRows>[] rare in groups)
        {
            long count = rare.Sum(l => l.Value.Count);
            KeyValuePair<string, LabelRows>[]? frequent = groups
                .Where(g => g.Sum(l => l.Value.Count) >= count * CheckLimits.TypoRatio && IsSlip(Plain(rare[0].Key), Plain(g[0].Key)))
                .MaxBy(g => g.Sum(l => l.Value.Count));
            if (frequent is null) continue;
            var places = new Places();
            foreach (long line in rare.SelectMany(l => l.Value.Lines)) places.Add(line);
            yield return places.ToFinding(Catalogue.LabelTypo, FindingSeverity.Warning,
                $"label {Shown(rare[0])} is close to '{frequent[0].Key}' ({Numbers.Count(frequent.Sum(l => l.Value.Count))} rows)", count);
        }
    }

    /// <summary>A label as its variants share it: in lower case, without invisible characters, hyphens and underscores as spaces.</summary>
    private static string Plain(string label) => TextKeys.Folded(label.Replace('_', ' ').Replace('-', ' '));

    private static string Shown(KeyValuePair<string, LabelRows> label) => $"'{label.Key}' ({Numbers.Count(label.Value.Count)})";

    /// <summary>
    /// Whether two labels differ by one letter, or two in long ones; labels that differ by digits are numbered on purpose.
    /// </summary>
    private static bool IsSlip(string rare, string frequent)
    {
        int length = Math.Min(rare.Length, frequent.Length);
        if (length < CheckLimits.TypoShortest || rare == frequent) return false;
        if (string.Concat(rare.Where(c => !char.IsDigit(c))) == string.Concat(frequent.Where(c => !char.IsDigit(c)))) return false;
        return Distance(rare, frequent) <= (length >= CheckLimits.TypoTwoLetters ? 2 : 1);
    }

    /// <summary>Optimal string alignment: insertions, deletions, substitutions, and neighbours swapped (Damerau 1964).</summary>
    private static int Distance(string a, string b)
    {
        var distance = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) distance[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) distance[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                int least = Math.Min(Math.Min(distance[i - 1, j] + 1, distance[i, j - 1] + 1), distance[i - 1, j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, distance[i - 2, j - 2] + 1);
                distance[i, j] = least;
            }
        }

        return distance[a.Length, b.Length];
    }
}

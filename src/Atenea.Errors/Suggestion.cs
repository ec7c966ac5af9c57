namespace Atenea.Errors;

/// <summary>Finds what a user most likely meant, for error messages ("did you mean ...").</summary>
public static class Suggestion
{
    /// <summary>The known names closest to what was written, best first; empty when nothing is close enough to help.</summary>
    /// <param name="written">What the user wrote.</param>
    /// <param name="known">The names that would have been right.</param>
    /// <param name="count">At most this many.</param>
    public static IReadOnlyList<string> Nearest(string written, IEnumerable<string> known, int count = 1)
    {
        string folded = written.ToLowerInvariant();
        return
        [
            .. known.Select(name => (name, distance: Distance(folded, name.ToLowerInvariant())))
                .Where(x => x.distance <= Math.Max(2, Math.Max(written.Length, x.name.Length) / 2))
                .OrderBy(x => x.distance).ThenBy(x => x.name, StringComparer.Ordinal)
                .Take(count).Select(x => x.name),
        ];
    }

    /// <summary>A remedy that names the nearest known name, or null when none is near (the catalogue's remedy then stands).</summary>
    /// <param name="written">What the user wrote.</param>
    /// <param name="known">The names that would have been right.</param>
    public static string? DidYouMean(string written, IEnumerable<string> known) =>
        Nearest(written, known) is [string best, ..] ? $"did you mean '{best}'?" : null;

    /// <summary>
    /// Edit distance with insertion, deletion, substitution and swap of neighbours (optimal string alignment). A name that contains the
    /// other counts as near, since people shorten names more often than they misspell them.
    /// </summary>
    private static int Distance(string a, string b)
    {
        if (a.Length >= 3 && b.Length >= 3 && (a.Contains(b, StringComparison.Ordinal) || b.Contains(a, StringComparison.Ordinal)))
            return a.Length == b.Length ? 0 : 1;

        int[] beforePrevious = new int[b.Length + 1], previous = new int[b.Length + 1], current = new int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) previous[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            current[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int cost = a[i - 1] == b[j - 1] ? 0 : 1;
                current[j] = Math.Min(Math.Min(previous[j] + 1, current[j - 1] + 1), previous[j - 1] + cost);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    current[j] = Math.Min(current[j], beforePrevious[j - 2] + 1);
            }

            (beforePrevious, previous, current) = (previous, current, beforePrevious);
        }

        return previous[b.Length];
    }
}

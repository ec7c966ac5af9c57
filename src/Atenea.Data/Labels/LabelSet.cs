using System.Globalization;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>The label names of a task, in the order of their ids.</summary>
public sealed class LabelSet
{
    private readonly Dictionary<string, int> _ids;

    /// <summary>Takes names that a config or a model gives, in the order of their ids.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public LabelSet(IEnumerable<string> names)
    {
        Names = [.. names];
        _ids = Names.Select((name, id) => (name, id)).ToDictionary(x => x.name, x => x.id, StringComparer.Ordinal);
    }

    /// <summary>The names by id.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Number of labels.</summary>
    public int Count => Names.Count;

    /// <summary>
    /// Gives the distinct values of a label column their ids: in the order of their numbers if all are whole numbers, else in the order of
    /// their code points, as Python's <c>sorted</c> has it.
    /// </summary>
    public static LabelSet FromValues(IEnumerable<string> values)
    {
        string[] names = [.. values.Distinct(StringComparer.Ordinal)];
        bool numbers = names.All(name => long.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _));
        return new LabelSet(numbers
            ? names.OrderBy(name => long.Parse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture))
                .ThenBy(name => name, StringComparer.Ordinal)
            : InOrder(names));
    }

    /// <summary>Names in the order of their code points, as Python's <c>sorted</c> has it.</summary>
    public static IReadOnlyList<string> InOrder(IEnumerable<string> names) => [.. names.Order(Comparer<string>.Create(CompareCodePoints))];

    /// <summary>Finds a label's id.</summary>
    public bool TryGetId(string name, out int id) => _ids.TryGetValue(name, out id);

    /// <summary>The error of a label that is not among these.</summary>
    /// <param name="value">The label.</param>
    /// <param name="place">Where it was found.</param>
    public AteneaException Unknown(string value, string place)
    {
        const int mostShown = 20;
        string known = string.Join(", ", Names.Take(mostShown)) + (Count > mostShown ? $" and {Count - mostShown} more" : "");
        return new AteneaException(Catalogue.LabelUnknown, $"'{value}'; the labels are {known}", place,
            Suggestion.DidYouMean(value, Names));
    }

    /// <summary>Ordinal, but with surrogate pairs above all other characters, which is where their code points are.</summary>
    private static int CompareCodePoints(string a, string b)
    {
        int shared = a.AsSpan().CommonPrefixLength(b);
        if (shared == a.Length || shared == b.Length) return a.Length - b.Length;
        char x = a[shared], y = b[shared];
        return char.IsSurrogate(x) != char.IsSurrogate(y) ? (char.IsSurrogate(x) ? 1 : -1) : x - y;
    }
}

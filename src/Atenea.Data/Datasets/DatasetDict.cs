using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Data sets by the names of their splits: <c>train</c>, <c>validation</c>, <c>test</c> or any other.</summary>
public sealed class DatasetDict
{
    private readonly List<KeyValuePair<string, Dataset>> _splits;

    /// <summary>Takes splits in their order.</summary>
    /// <exception cref="ArgumentException">A name occurs twice.</exception>
    public DatasetDict(IEnumerable<KeyValuePair<string, Dataset>> splits)
    {
        _splits = [.. splits];
        if (_splits.DistinctBy(s => s.Key, StringComparer.Ordinal).Count() != _splits.Count)
            throw new ArgumentException("a split occurs twice", nameof(splits));
    }

    /// <summary>The splits in their order.</summary>
    public IReadOnlyList<KeyValuePair<string, Dataset>> Splits => _splits;

    /// <summary>The names of the splits.</summary>
    public IReadOnlyList<string> Names => [.. _splits.Select(s => s.Key)];

    /// <summary>A split.</summary>
    /// <exception cref="AteneaException">There is no such split (ATN0211).</exception>
    public Dataset this[string name] => Find(name) ?? throw new AteneaException(Catalogue.DatasetNotFound,
        $"split '{name}'; there are {string.Join(", ", Names)}", remedy: Suggestion.DidYouMean(name, Names));

    /// <summary>A split, or null.</summary>
    public Dataset? Find(string name) => _splits.Find(s => s.Key == name).Value;

    /// <summary>The same change to every split, for example <c>dict.Apply(d => d.Rename("sentence", "text"))</c>.</summary>
    public DatasetDict Apply(Func<Dataset, Dataset> change) => new(_splits.Select(s => KeyValuePair.Create(s.Key, change(s.Value))));

    /// <summary>These splits with another one, or with one in place of that name.</summary>
    public DatasetDict With(string name, Dataset data) => Find(name) is null
        ? new DatasetDict([.. _splits, new(name, data)])
        : new DatasetDict(_splits.Select(s => s.Key == name ? KeyValuePair.Create(name, data) : s));
}

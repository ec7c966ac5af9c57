using Atenea.Errors;

namespace Atenea.Models;

/// <summary>A label argument of a model's class.</summary>
/// <param name="Name">Its name in transformers: <c>labels</c>, <c>start_positions</c>, <c>next_sentence_label</c>.</param>
/// <param name="Granularity">What one label belongs to; several numbers may belong to one sequence.</param>
public readonly record struct LabelArgument(string Name, Granularity Granularity);

/// <summary>
/// The labels of a batch by the names of transformers, flat and without padding: one id per sequence, token or question in the order of
/// the batch (<see cref="ClassificationLoss.Ignored"/> counts for nothing), or numbers.
/// </summary>
/// <example><code>
/// var labels = new ModelLabels();
/// labels.Set("start_positions", new[] { 3 });
/// labels.Set("end_positions", new[] { 5 });
/// ModelLoss loss = model.Loss(tape, batch, labels);
/// loss.Backward(tape);
/// </code></example>
public sealed class ModelLabels
{
    /// <summary>The name of most label arguments.</summary>
    public const string Usual = "labels";

    private readonly Dictionary<string, ReadOnlyMemory<int>> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ReadOnlyMemory<float>> _numbers = new(StringComparer.Ordinal);

    /// <summary>Creates an empty set.</summary>
    public ModelLabels()
    {
    }

    /// <summary>Creates a set of ids under the name <see cref="Usual"/>.</summary>
    public ModelLabels(ReadOnlyMemory<int> labels) => Set(Usual, labels);

    /// <summary>Sets ids, which are not copied.</summary>
    public void Set(string name, ReadOnlyMemory<int> ids)
    {
        _numbers.Remove(name);
        _ids[name] = ids;
    }

    /// <summary>Sets numbers, which are not copied.</summary>
    public void Set(string name, ReadOnlyMemory<float> numbers)
    {
        _ids.Remove(name);
        _numbers[name] = numbers;
    }

    /// <summary>Whether there are labels of this name.</summary>
    public bool Has(string name) => _ids.ContainsKey(name) || _numbers.ContainsKey(name);

    /// <summary>Whether the labels of this name are ids, not numbers.</summary>
    public bool AreIds(string name) => _ids.ContainsKey(name);

    /// <summary>Ids.</summary>
    /// <exception cref="AteneaException">There are none of this name, or they are numbers (ATN0507).</exception>
    public ReadOnlySpan<int> Ids(string name) => _ids.TryGetValue(name, out ReadOnlyMemory<int> ids) ? ids.Span
        : throw new AteneaException(Catalogue.LabelsDoNotFit, _numbers.ContainsKey(name) ? $"'{name}' holds numbers, the model expects ids" : $"'{name}' is missing");

    /// <summary>Numbers; ids count as numbers.</summary>
    /// <exception cref="AteneaException">There are none of this name (ATN0507).</exception>
    public ReadOnlySpan<float> Numbers(string name)
    {
        if (_numbers.TryGetValue(name, out ReadOnlyMemory<float> numbers)) return numbers.Span;
        ReadOnlySpan<int> ids = Ids(name);
        var converted = new float[ids.Length];
        for (int i = 0; i < ids.Length; i++) converted[i] = ids[i];
        return converted;
    }

    /// <summary>Ids, as many as expected.</summary>
    /// <exception cref="AteneaException">Missing, numbers, or another count (ATN0507).</exception>
    internal ReadOnlySpan<int> Ids(string name, int expected, string per)
    {
        ReadOnlySpan<int> ids = Ids(name);
        return ids.Length == expected ? ids : throw new AteneaException(Catalogue.LabelsDoNotFit, $"'{name}' has {ids.Length} labels for {expected} {per}");
    }
}

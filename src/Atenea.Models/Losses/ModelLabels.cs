using Atenea.Errors;

namespace Atenea.Models;

/// <summary>A label argument of a model's class.</summary>
/// <param name="Name">Its name in transformers: <c>labels</c>, <c>start_positions</c>, <c>next_sentence_label</c>.</param>
/// <param name="Granularity">What one label belongs to; several numbers may belong to one sequence.</param>
public readonly record struct LabelArgument(string Name, Granularity Granularity);

/// <summary>
/// The labels of a batch by the names of transformers, flat and without padding: one id per sequence, token or question in the order of
/// the batch (<see cref="ClassificationLoss.Ignored"/> counts for nothing), or numbers. Its buffers are kept from batch to batch, so that
/// filling it again allocates nothing.
/// </summary>
/// <example><code>
/// var labels = new ModelLabels();
/// labels.Set("start_positions", [3]);
/// labels.Set("end_positions", [5]);
/// ModelLoss loss = model.Loss(pass, labels);
/// loss.Backward(tape);
/// </code></example>
public sealed class ModelLabels
{
    /// <summary>The name of most label arguments.</summary>
    public const string Usual = "labels";

    private readonly List<Entry> _entries = [];

    /// <summary>Creates an empty set.</summary>
    public ModelLabels()
    {
    }

    /// <summary>Creates a set of ids under the name <see cref="Usual"/>.</summary>
    public ModelLabels(ReadOnlySpan<int> labels) => Set(Usual, labels);

    /// <summary>Forgets every label.</summary>
    public void Clear()
    {
        foreach (Entry entry in _entries) entry.Kind = Kind.None;
    }

    /// <summary>Sets ids, which are copied.</summary>
    public void Set(string name, ReadOnlySpan<int> ids) => ids.CopyTo(SetIds(name, ids.Length));

    /// <summary>Sets numbers, which are copied.</summary>
    public void Set(string name, ReadOnlySpan<float> numbers) => numbers.CopyTo(SetNumbers(name, numbers.Length));

    /// <summary>Sets as many ids as the caller then writes; what is in them before that is undefined.</summary>
    public Span<int> SetIds(string name, int count)
    {
        Entry entry = Named(name);
        entry.Kind = Kind.Ids;
        entry.Count = 0;
        return entry.AppendIds(count);
    }

    /// <summary>Sets as many numbers as the caller then writes; what is in them before that is undefined.</summary>
    public Span<float> SetNumbers(string name, int count)
    {
        Entry entry = Named(name);
        entry.Kind = Kind.Numbers;
        entry.Count = 0;
        return entry.AppendNumbers(count);
    }

    /// <summary>Appends ids, sequence by sequence.</summary>
    public void Add(string name, params ReadOnlySpan<int> ids)
    {
        Entry entry = Named(name);
        if (entry.Kind != Kind.Ids) entry.Count = 0;
        entry.Kind = Kind.Ids;
        ids.CopyTo(entry.AppendIds(ids.Length));
    }

    /// <summary>Appends numbers, sequence by sequence.</summary>
    public void Add(string name, params ReadOnlySpan<float> numbers)
    {
        Entry entry = Named(name);
        if (entry.Kind != Kind.Numbers) entry.Count = 0;
        entry.Kind = Kind.Numbers;
        numbers.CopyTo(entry.AppendNumbers(numbers.Length));
    }

    /// <summary>Whether there are labels of this name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>Whether the labels of this name are ids, not numbers.</summary>
    public bool AreIds(string name) => Find(name) is { Kind: Kind.Ids };

    /// <summary>Ids.</summary>
    /// <exception cref="AteneaException">There are none of this name, or they are numbers (ATN0507).</exception>
    public ReadOnlySpan<int> Ids(string name)
    {
        Entry? entry = Find(name);
        if (entry is { Kind: Kind.Ids }) return entry.Ids.AsSpan(0, entry.Count);
        throw new AteneaException(Catalogue.LabelsDoNotFit,
            entry is null ? $"'{name}' is missing" : $"'{name}' holds numbers, the model expects ids");
    }

    /// <summary>Numbers; ids count as numbers.</summary>
    /// <exception cref="AteneaException">There are none of this name (ATN0507).</exception>
    public ReadOnlySpan<float> Numbers(string name)
    {
        Entry entry = Find(name) ?? throw new AteneaException(Catalogue.LabelsDoNotFit, $"'{name}' is missing");
        return entry.NumbersOrIds();
    }

    /// <summary>Ids, as many as expected.</summary>
    /// <exception cref="AteneaException">Missing, numbers, or another count (ATN0507).</exception>
    internal ReadOnlySpan<int> Ids(string name, int expected, string per)
    {
        ReadOnlySpan<int> ids = Ids(name);
        return ids.Length == expected ? ids
            : throw new AteneaException(Catalogue.LabelsDoNotFit, $"'{name}' has {ids.Length} labels for {expected} {per}");
    }

    private Entry? Find(string name)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Kind != Kind.None && entry.Name == name) return entry;
        }

        return null;
    }

    private Entry Named(string name)
    {
        foreach (Entry entry in _entries)
        {
            if (entry.Name == name) return entry;
        }

        var added = new Entry(name);
        _entries.Add(added);
        return added;
    }

    private enum Kind
    {
        None,
        Ids,
        Numbers,
    }

    /// <summary>The labels of one name, with their buffers.</summary>
    private sealed class Entry(string name)
    {
        private int[] _ids = [];
        private float[] _numbers = [];

        public string Name => name;

        public Kind Kind { get; set; }

        public int Count { get; set; }

        public int[] Ids => _ids;

        public Span<int> AppendIds(int count) => Append(ref _ids, count);

        public Span<float> AppendNumbers(int count) => Append(ref _numbers, count);

        public ReadOnlySpan<float> NumbersOrIds()
        {
            if (Kind == Kind.Ids)
            {
                Grow(ref _numbers, Count);
                for (int i = 0; i < Count; i++) _numbers[i] = _ids[i];
            }

            return _numbers.AsSpan(0, Count);
        }

        private Span<T> Append<T>(ref T[] buffer, int count)
        {
            int start = Count;
            Count += count;
            Grow(ref buffer, Count);
            return buffer.AsSpan(start, count);
        }

        private static void Grow<T>(ref T[] buffer, int needed)
        {
            if (buffer.Length < needed) Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
        }
    }
}

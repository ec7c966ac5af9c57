using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Counts the languages of a split.</summary>
internal sealed class LanguageCounts
{
    private readonly Dictionary<string, LabelRows> _rows = [];

    /// <summary>Rows by language, the most frequent first.</summary>
    public IReadOnlyDictionary<string, long> Rows =>
        _rows.OrderByDescending(l => l.Value.Count).ToDictionary(l => l.Key, l => l.Value.Count);

    /// <summary>Rows whose language is told.</summary>
    public long Told { get; private set; }

    /// <summary>The language of most rows, where enough are told.</summary>
    public string? Main => Told >= CheckLimits.LanguageMixRows ? _rows.MaxBy(l => l.Value.Count).Key : null;

    /// <summary>Looks at a text.</summary>
    public void Add(ReadOnlySpan<char> text, long line)
    {
        if (LanguageGuess.Of(text) is not { } language) return;
        Told++;
        if (!_rows.TryGetValue(language, out LabelRows? rows)) _rows.Add(language, rows = new LabelRows());
        rows.Add(line);
    }

    /// <summary>What is found in this split, and in comparison with the training rows.</summary>
    public IEnumerable<CheckFinding> Findings(LanguageCounts? training, string trainingName)
    {
        KeyValuePair<string, LabelRows>[] ordered = [.. _rows.OrderByDescending(l => l.Value.Count)];
        if (ordered.Length > 1 && ordered[1].Value.Count >= CheckLimits.LanguageMixRows
            && ordered[1].Value.Count >= Told * CheckLimits.LanguageMixShare)
        {
            var places = new Places();
            foreach (long line in ordered.Skip(1).SelectMany(l => l.Value.Lines)) places.Add(line);
            string shares = string.Join(", ",
                ordered.Where(l => l.Value.Count * 100 >= Told).Select(l => $"{l.Key} {Numbers.Share((double)l.Value.Count / Told)}"));
            yield return places.ToFinding(Catalogue.LanguageMix, FindingSeverity.Warning,
                $"the texts mix languages: {shares} of the {Numbers.Count(Told)} rows whose language is told",
                ordered.Skip(1).Sum(l => l.Value.Count));
        }

        if (Main is { } here && training?.Main is { } there && here != there)
        {
            yield return CheckFinding.Whole(Catalogue.SplitLanguagesDiffer, FindingSeverity.Warning,
                $"most texts are {here}, those of {trainingName} are {there}");
        }
    }
}

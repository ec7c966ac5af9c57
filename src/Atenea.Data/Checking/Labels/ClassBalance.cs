using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Finds classes that are too large, too small, missing, or distributed otherwise than in the training rows.</summary>
internal static class ClassBalance
{
    private const int MostNamed = 10;

    /// <summary>What is found among the labels of one split.</summary>
    public static IEnumerable<CheckFinding> Find(LabelTally labels)
    {
        if (labels.Total < CheckLimits.FewestRowsForShares || labels.Rows.Count < 2) yield break;
        (string most, LabelRows rows) = labels.Rows.MaxBy(l => l.Value.Count);
        double share = labels.Share(most);
        if (share >= CheckLimits.DominatingShare)
        {
            yield return CheckFinding.Whole(Catalogue.DominatingClass, FindingSeverity.Warning,
                $"class '{most}' has {Numbers.Share(share)} of the rows ({Numbers.Count(rows.Count)} of {Numbers.Count(labels.Total)}): "
                + "always answering it scores that accuracy");
        }

        double mean = (double)labels.Total / labels.Rows.Count;
        KeyValuePair<string, LabelRows>[] rare =
            [.. labels.Rows.Where(l => l.Value.Count < CheckLimits.RareRows && l.Value.Count < mean * CheckLimits.RareShare)];
        if (rare.Length == 0) yield break;
        var places = new Places();
        foreach (long line in rare.SelectMany(l => l.Value.Lines)) places.Add(line);
        yield return places.ToFinding(Catalogue.RareClass, FindingSeverity.Warning,
            $"{(rare.Length == 1 ? "class" : "classes")} with hardly any rows: "
                + $"{Named(rare.Select(l => $"'{l.Key}' ({l.Value.Count})"))}; too few to be in training, validation and test",
            rare.Length);
    }

    /// <summary>What is found when the labels of a later split are compared with those of the training rows.</summary>
    /// <param name="labels">The later split's labels.</param>
    /// <param name="training">The training rows' labels.</param>
    /// <param name="name">The training file.</param>
    /// <param name="unseen">The lines of the rows whose label does not occur there.</param>
    public static IEnumerable<CheckFinding> Compare(LabelTally labels, LabelTally training, string name, Places unseen)
    {
        if (unseen.Count > 0)
        {
            string[] missing =
                [.. labels.Rows.Where(l => !training.Rows.ContainsKey(l.Key)).Select(l => $"'{l.Key}' ({Numbers.Count(l.Value.Count)})")];
            yield return unseen.ToFinding(Catalogue.UnseenLabel, FindingSeverity.Warning,
                $"{(missing.Length == 1 ? "label does" : "labels do")} not occur in {name}: {Named(missing)}");
        }

        string[] untested = [.. training.Rows.Keys.Where(l => !labels.Rows.ContainsKey(l)).Select(l => $"'{l}'")];
        if (untested.Length > 0)
        {
            yield return CheckFinding.Whole(Catalogue.UntestedLabel, FindingSeverity.Information,
                $"{(untested.Length == 1 ? "label" : "labels")} of {name} without a row here: {Named(untested)}");
        }

        if (labels.Total < CheckLimits.FewestRowsForShares || training.Total < CheckLimits.FewestRowsForShares) yield break;
        double variation = labels.Rows.Keys.Union(training.Rows.Keys).Sum(l => Math.Abs(labels.Share(l) - training.Share(l))) / 2;
        if (variation < CheckLimits.SharesDiffer) yield break;
        string widest = labels.Rows.Keys.Union(training.Rows.Keys).MaxBy(l => Math.Abs(labels.Share(l) - training.Share(l)))!;
        yield return CheckFinding.Whole(Catalogue.ClassSharesDiffer, FindingSeverity.Warning,
            $"the classes are distributed otherwise than in {name}: '{widest}' has {Numbers.Share(labels.Share(widest))} here "
                + $"and {Numbers.Share(training.Share(widest))} there");
    }

    private static string Named(IEnumerable<string> labels)
    {
        string[] all = [.. labels];
        return string.Join(", ", all.Take(MostNamed)) + (all.Length > MostNamed ? $" and {all.Length - MostNamed} more" : "");
    }
}

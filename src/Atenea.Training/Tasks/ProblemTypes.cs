using Atenea.Hub;

namespace Atenea.Training;

/// <summary>The names of problem types in a config.json and in a config.</summary>
internal static class ProblemTypes
{
    private static readonly Dictionary<string, ProblemType> ByName = new(StringComparer.Ordinal)
    {
        ["single_label_classification"] = ProblemType.SingleLabelClassification,
        ["multi_label_classification"] = ProblemType.MultiLabelClassification,
        ["regression"] = ProblemType.Regression,
    };

    /// <summary>Every name.</summary>
    public static IEnumerable<string> Names => ByName.Keys;

    /// <summary>A problem type by its name; null stays null.</summary>
    public static ProblemType? Find(string? name) => name is null ? null : ByName[name];

    /// <summary>The name of a problem type.</summary>
    public static string NameOf(ProblemType problem) => ByName.First(entry => entry.Value == problem).Key;
}

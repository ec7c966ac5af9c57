using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Hub;

/// <content>The labels of a classifier: <c>id2label</c>, <c>label2id</c> and <c>problem_type</c>.</content>
public sealed partial class ModelConfig
{
    private const string IdToLabel = "id2label";
    private const string LabelToId = "label2id";
    private const string LabelCount = "num_labels";
    private const string Problem = "problem_type";
    private const int DefaultLabelCount = 2;

    /// <summary>Whether the file names its labels. Without it, <see cref="Labels"/> are LABEL_0, LABEL_1 and so on.</summary>
    public bool NamesLabels => Has(IdToLabel);

    /// <summary>
    /// The label names by id. As in transformers: <c>id2label</c> decides; else there are <c>num_labels</c>, else 2, called LABEL_i.
    /// </summary>
    /// <exception cref="AteneaException"><c>id2label</c> is not a map from 0 to n-1 to distinct names (ATN0410).</exception>
    public IReadOnlyList<string> Labels
    {
        get
        {
            if (Json[IdToLabel] is not { } node)
                return [.. Enumerable.Range(0, Size(LabelCount, DefaultLabelCount)).Select(i => $"LABEL_{i}")];
            if (node is not JsonObject { Count: > 0 } map) throw Wrong(IdToLabel, "a map from ids to names");
            var labels = new string?[map.Count];
            foreach ((string key, JsonNode? value) in map)
            {
                if (!int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id) || id >= labels.Length
                    || labels[id] is not null)
                    throw Invalid(IdToLabel, $"id '{key}', expected the ids 0 to {labels.Length - 1} once each");
                if (value is not JsonValue || value.GetValueKind() is not (JsonValueKind.String or JsonValueKind.Number))
                    throw Invalid(IdToLabel, $"the name of id {key} is {value?.ToJsonString() ?? "null"}, expected a string");
                labels[id] = value.ToString();
            }

            if (labels.Distinct(StringComparer.Ordinal).Count() != labels.Length)
                throw Invalid(IdToLabel, $"two ids share a name: {string.Join(", ", labels)}");
            return labels!;
        }
    }

    /// <summary>Number of labels, the width of a classifier's output.</summary>
    /// <exception cref="AteneaException"><c>id2label</c> or <c>num_labels</c> make no sense (ATN0410).</exception>
    public int NumLabels => Labels.Count;

    /// <summary>What the outputs mean; null when the file does not say, and then the number of labels and the data decide.</summary>
    /// <exception cref="AteneaException">An unknown name (ATN0410).</exception>
    public ProblemType? ProblemType
    {
        get => OptionalText(Problem) switch
        {
            null => null,
            "single_label_classification" => Hub.ProblemType.SingleLabelClassification,
            "multi_label_classification" => Hub.ProblemType.MultiLabelClassification,
            "regression" => Hub.ProblemType.Regression,
            _ => throw Wrong(Problem, "single_label_classification, multi_label_classification or regression"),
        };
        set => Json[Problem] = value switch
        {
            null => null,
            Hub.ProblemType.SingleLabelClassification => "single_label_classification",
            Hub.ProblemType.MultiLabelClassification => "multi_label_classification",
            _ => "regression",
        };
    }

    /// <summary>Gives the classifier its label names, in the order of their ids: writes <c>id2label</c> and <c>label2id</c>.</summary>
    /// <exception cref="ArgumentException">There is no name, or one occurs twice.</exception>
    public void SetLabels(IReadOnlyList<string> labels)
    {
        if (labels.Count == 0 || labels.Distinct(StringComparer.Ordinal).Count() != labels.Count)
            throw new ArgumentException($"label names must be distinct and at least one: {string.Join(", ", labels)}", nameof(labels));
        var names = new JsonObject();
        var ids = new JsonObject();
        for (int id = 0; id < labels.Count; id++)
        {
            names[id.ToString(CultureInfo.InvariantCulture)] = labels[id];
            ids[labels[id]] = id;
        }

        Json[IdToLabel] = names;
        Json[LabelToId] = ids;
        // transformers warns when a stale count disagrees with the map.
        Json.Remove(LabelCount);
    }
}

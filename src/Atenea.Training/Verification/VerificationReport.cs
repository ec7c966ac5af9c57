using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Atenea.Training;

/// <summary>Several verification cases together.</summary>
/// <param name="Cases">One report per case, in the order in which they were run.</param>
public sealed record VerificationReport(IReadOnlyList<CaseReport> Cases)
{
    /// <summary>Whether there is a case and every one passed.</summary>
    public bool Passed => Cases.Count > 0 && Cases.All(report => report.Passed);

    /// <summary>Median over the tensors of all cases of this engine's error over PyTorch's; null where no case has such figures.</summary>
    public double? MedianErrorRatio
    {
        get
        {
            double[] ratios = [.. Cases.SelectMany(report => report.Ratios()).Order()];
            return ratios.Length == 0 ? null : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
        }
    }

    /// <summary>The last line for people: how many cases passed, and the median error.</summary>
    public string Summary()
    {
        var text = new StringBuilder();
        int tensors = Cases.Sum(report => report.Checks.Count);
        int passed = Cases.Count(report => report.Passed);
        text.Append(CultureInfo.InvariantCulture, $"{passed} of {Cases.Count} cases passed, {tensors} tensors");
        if (MedianErrorRatio is double ratio)
            text.Append(CultureInfo.InvariantCulture, $"; median error {ratio:F2} of PyTorch float32's own");
        return text.ToString();
    }

    /// <summary>The report for people. With one case every tensor has its line, with more only those that fell short.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (CaseReport report in Cases) text.Append(report.ToText(everyTensor: Cases.Count == 1));
        return text.Append(Summary()).Append('\n').ToString();
    }

    /// <summary>The report for machines.</summary>
    public JsonObject ToJson() => new()
    {
        ["passed"] = Passed,
        ["median_error_ratio"] = MedianErrorRatio,
        ["cases"] = new JsonArray([.. Cases.Select(report => (JsonNode)report.ToJson())]),
    };
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Atenea.Errors;

namespace Atenea.Training;

/// <summary>What a verification case came to.</summary>
/// <param name="Name">The case's name.</param>
/// <param name="Folder">Its folder.</param>
/// <param name="ClassName">The class of transformers that it tests, or null if that could not be read.</param>
/// <param name="Checks">One per tensor, in the case's order; empty if the case could not be run.</param>
/// <param name="Outputs">Everything that was computed, under the case's names.</param>
/// <param name="Failure">Why the case could not be run, or null.</param>
public sealed record CaseReport(
    string Name,
    string Folder,
    string? ClassName,
    IReadOnlyList<TensorCheck> Checks,
    IReadOnlyList<ComputedTensor> Outputs,
    AteneaException? Failure = null)
{
    /// <summary>Whether the case ran and no tensor fell short.</summary>
    public bool Passed => Failure is null && Checks.Count > 0 && Checks.All(check => check.Verdict != CheckVerdict.Failed);

    /// <summary>
    /// Median over tensors of this engine's error divided by PyTorch's own in float32, both against float64; null where the case has no
    /// such figures.
    /// </summary>
    public double? MedianErrorRatio
    {
        get
        {
            double[] ratios = [.. Ratios().Order()];
            return ratios.Length == 0 ? null : (ratios[(ratios.Length - 1) / 2] + ratios[ratios.Length / 2]) / 2;
        }
    }

    /// <summary>This engine's error over PyTorch's, for every tensor where both are known.</summary>
    public IEnumerable<double> Ratios() => Checks
        .Where(check => check is { Verdict: not CheckVerdict.NotCompared, ReferenceNoise: > 0 } && !double.IsNaN(check.Error))
        .Select(check => check.Error / check.ReferenceNoise!.Value);

    /// <summary>Saves everything that was computed as safetensors, under the case's own names and shapes.</summary>
    /// <exception cref="AteneaException">The file cannot be written (ATN0403).</exception>
    public void SaveOutputs(string path) => ComputedTensor.Save(Outputs, path);

    /// <summary>The report for people.</summary>
    /// <param name="everyTensor">A line for every tensor; else only for those that fell short.</param>
    public string ToText(bool everyTensor = true)
    {
        var text = new StringBuilder();
        text.Append(Name).Append(ClassName is null ? "" : $" ({ClassName})").Append(": ");
        if (Failure is not null) return text.Append("not run\n").Append(Failure.Message).Append('\n').ToString();
        int failed = Checks.Count(check => check.Verdict == CheckVerdict.Failed);
        text.Append(CultureInfo.InvariantCulture, $"{(Passed ? "PASS" : "FAIL")}, {Checks.Count - failed} of {Checks.Count}");
        if (MedianErrorRatio is double ratio) text.Append(CultureInfo.InvariantCulture, $", median error {ratio:F2} of PyTorch float32's");
        text.Append('\n');
        TensorCheck[] shown = [.. Checks.Where(check => everyTensor || check.Verdict == CheckVerdict.Failed)];
        if (shown.Length == 0) return text.ToString();
        int width = shown.Max(check => check.Name.Length);
        text.Append(CultureInfo.InvariantCulture,
            $"  {"tensor".PadRight(width)}  {"shape",-14}  {"max error",10}  {"tolerance",10}  {"PyTorch",10}  verdict\n");
        foreach (TensorCheck check in shown)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"  {check.Name.PadRight(width)}  {check.Shape,-14}  {check.Error,10:0.000e+00}  {check.Tolerance,10:0.000e+00}  ");
            text.Append(CultureInfo.InvariantCulture, $"{Noise(check),10}  {Verdict(check)}\n");
        }

        return text.ToString();
    }

    /// <summary>The report for machines.</summary>
    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["name"] = Name,
            ["folder"] = Folder,
            ["model_class"] = ClassName,
            ["passed"] = Passed,
            ["median_error_ratio"] = MedianErrorRatio,
        };
        if (Failure is not null) json["error"] = new JsonObject { ["code"] = Failure.Code.Id, ["message"] = Failure.Message };
        json["tensors"] = new JsonArray([.. Checks.Select(check => (JsonNode)new JsonObject
        {
            ["name"] = check.Name,
            ["shape"] = check.Shape,
            ["max_abs_error"] = Finite(check.Error),
            ["tolerance"] = Finite(check.Tolerance),
            ["torch_fp32_max_abs_err"] = check.ReferenceNoise,
            ["reference_max_abs"] = Finite(check.ReferenceMaxAbs),
            ["verdict"] = Verdict(check),
        })]);
        return json;
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null; // JSON has no NaN.

    private static string Noise(TensorCheck check) => check.ReferenceNoise?.ToString("0.000e+00", CultureInfo.InvariantCulture) ?? "-";

    private static string Verdict(TensorCheck check) => check.Verdict switch
    {
        CheckVerdict.Passed => "pass",
        CheckVerdict.NotCompared => "not compared",
        _ => "FAIL",
    };
}

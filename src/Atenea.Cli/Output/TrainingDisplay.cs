using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>
/// Shows a run on standard error: what it is about to do, a line of progress that rewrites itself (for people), and a lasting line for
/// every evaluation, and for every log entry where no person looks.
/// </summary>
/// <param name="terminal">Where it is shown.</param>
internal sealed class TrainingDisplay(Terminal terminal) : TrainingObserver, IDisposable
{
    // The figure that says most, by kind of task.
    private static readonly string[] MainFigures = ["eval_f1", "eval_accuracy", "eval_pearson"];

    private readonly StatusLine _status = new(terminal);

    /// <inheritdoc/>
    public override void Notice(string text) => WriteLine("note: " + text);

    /// <inheritdoc/>
    public override void Started(string summary) => WriteLine(summary);

    /// <inheritdoc/>
    public override void Progressed(TrainingProgress progress)
    {
        if (_status.IsDue) _status.Show(Describe(progress)); // Called every step: a step that shows nothing allocates nothing.
    }

    /// <inheritdoc/>
    public override void Happened(JsonObject entry)
    {
        string step = $"epoch {Number(entry, "epoch", "0.00")}  step {Number(entry, "step", "0")}";
        switch (entry["event"]?.GetValue<string>())
        {
            case "log" when !terminal.ErrorIsTerminal:
                string samples = Number(entry, "samples_per_second", "0.0"), tokens = Number(entry, "tokens_per_second", "0");
                WriteLine($"{step}  loss {Number(entry, "loss", "0.0000")}  {samples} samples/s  {tokens} tokens/s");
                break;
            case "eval":
                string? main = MainFigures.FirstOrDefault(entry.ContainsKey);
                string figure = main is null ? "" : $"  {main["eval_".Length..]} {Number(entry, main, "0.0000")}";
                string best = entry["is_best"]?.GetValue<bool>() == true ? "  best so far" : "";
                WriteLine($"{step}  validation loss {Number(entry, "eval_loss", "0.0000")}{figure}{best}");
                break;
            case "resume":
                WriteLine($"going on after {step}");
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _status.Dispose();

    private static string Describe(TrainingProgress p) => p.Phase switch
    {
        TrainingPhase.Evaluating => string.Create(CultureInfo.InvariantCulture, $"evaluating {p.RowsEvaluated}/{p.RowsToEvaluate} rows"),
        TrainingPhase.Saving => "saving",
        _ => string.Create(CultureInfo.InvariantCulture,
            $"epoch {p.Epoch:0.00}/{p.Epochs}  step {p.Step}/{p.MaxSteps}  loss {p.Loss:0.0000}  "
            + $"{p.SamplesPerSecond:0.0} samples/s  {p.TokensPerSecond:0} tokens/s  {Time(p.Remaining)} left"),
    };

    private static string Time(TimeSpan time) => time.TotalHours >= 1
        ? string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalHours}:{time.Minutes:00}:{time.Seconds:00}")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}:{time.Seconds:00}");

    private static string Number(JsonObject entry, string key, string format)
    {
        string? written = (entry[key] as JsonValue)?.ToJsonString();
        return double.TryParse(written, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
            ? number.ToString(format, CultureInfo.InvariantCulture)
            : "-";
    }

    private void WriteLine(string text)
    {
        _status.Clear();
        terminal.Error.WriteLine(text);
    }
}

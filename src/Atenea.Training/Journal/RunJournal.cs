using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Atenea.Hub;

namespace Atenea.Training;

/// <summary>
/// Keeps account of a run: its state's sums and log, the progress that an observer is told, and the events in <c>history.jsonl</c>. Each
/// event is appended by one write as it happens; resuming rewrites the file from the saved state, so that what came after it is not told
/// twice.
/// </summary>
internal sealed class RunJournal
{
    private const int LossWindow = 20;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    private readonly string _path;
    private readonly TrainerState _state;
    private readonly TrainingPlan _plan;
    private readonly TrainingObserver _observer;
    private readonly long _weightsPerToken;
    private readonly TrainingProgress _progress = new();
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly double _secondsBefore;
    private readonly int _firstStep;
    private double _sessionSeconds;
    private long _sessionRows;
    private long _sessionTokens;

    /// <summary>Opens the journal of a run.</summary>
    /// <param name="path">The file of events.</param>
    /// <param name="state">Where the run stands; kept up to date.</param>
    /// <param name="plan">The run's plan.</param>
    /// <param name="observer">Is told everything.</param>
    /// <param name="weightsPerToken">Weights that each token is multiplied with.</param>
    public RunJournal(string path, TrainerState state, TrainingPlan plan, TrainingObserver observer, long weightsPerToken)
    {
        (_path, _state, _plan, _observer, _weightsPerToken) = (path, state, plan, observer, weightsPerToken);
        _secondsBefore = state.RunSeconds;
        _firstStep = state.GlobalStep;
        AtomicFile.WriteText(path, string.Concat(state.Events.Select(Json.Line)));
    }

    /// <summary>Seconds of the whole run, earlier sessions included.</summary>
    public double RunSeconds => _secondsBefore + Stopwatch.GetElapsedTime(_started).TotalSeconds;

    /// <summary>Takes in an optimizer step. Allocates nothing.</summary>
    /// <param name="result">What it did.</param>
    /// <param name="seconds">How long it took.</param>
    public void Stepped(in StepResult result, double seconds)
    {
        _state.Curve.Add(_state.GlobalStep, result.Loss);
        _state.GlobalStep++;
        _state.Epoch = _plan.EpochAfter(_state.GlobalStep);
        _state.LossSinceLog += result.Loss;
        _state.TotalLoss += result.Loss;
        _state.GradientNorm = result.GradientNorm;
        _state.RowsSeen += result.Rows;
        _state.TokensSeen += result.Tokens;
        _state.TotalFlos = 6.0 * _state.TokensSeen * _weightsPerToken;
        _state.TrainSeconds += seconds;
        _sessionSeconds += seconds;
        _sessionRows += result.Rows;
        _sessionTokens += result.Tokens;

        int made = _state.GlobalStep - _firstStep;
        _progress.Phase = TrainingPhase.Training;
        _progress.Step = _state.GlobalStep;
        _progress.MaxSteps = _plan.MaxSteps;
        _progress.Epoch = _state.Epoch;
        _progress.Epochs = _plan.Epochs;
        _progress.Loss += (result.Loss - _progress.Loss) / Math.Min(made, LossWindow);
        _progress.LearningRate = result.LearningRate;
        _progress.SamplesPerSecond = _sessionRows / _sessionSeconds;
        _progress.TokensPerSecond = _sessionTokens / _sessionSeconds;
        _progress.Remaining = Stopwatch.GetElapsedTime(_started) / made * (_plan.MaxSteps - _state.GlobalStep);
        _observer.Progressed(_progress);
    }

    /// <summary>Writes the log entry of the steps since the last one.</summary>
    public void Log()
    {
        double loss = _state.LossSinceLog / (_state.GlobalStep - _state.LoggedStep);
        _state.LogHistory.Add(new JsonObject
        {
            ["epoch"] = _state.Epoch,
            ["grad_norm"] = Json.Number(_state.GradientNorm),
            ["learning_rate"] = _progress.LearningRate,
            ["loss"] = Json.Number(loss),
            ["step"] = _state.GlobalStep,
        });
        _state.LossSinceLog = 0;
        _state.LoggedStep = _state.GlobalStep;
        Append(new JsonObject
        {
            ["event"] = "log",
            ["step"] = _state.GlobalStep,
            ["epoch"] = _state.Epoch,
            ["loss"] = Json.Number(loss),
            ["grad_norm"] = Json.Number(_state.GradientNorm),
            ["learning_rate"] = _progress.LearningRate,
            ["samples_per_second"] = Math.Round(_progress.SamplesPerSecond, 3),
            ["tokens_per_second"] = Math.Round(_progress.TokensPerSecond, 3),
            ["seconds"] = Math.Round(RunSeconds, 3),
        });
    }

    /// <summary>Tells how far an evaluation is.</summary>
    public void Evaluating(int done, int features)
    {
        _progress.Phase = TrainingPhase.Evaluating;
        _progress.RowsEvaluated = done;
        _progress.RowsToEvaluate = features;
        _observer.Progressed(_progress);
    }

    /// <summary>Writes an evaluation of the validation rows.</summary>
    /// <param name="result">The figures.</param>
    /// <param name="isBest">Whether they are the best so far.</param>
    public void Evaluated(EvaluationResult result, bool isBest)
    {
        var entry = new JsonObject { ["epoch"] = _state.Epoch };
        foreach ((string name, double value) in result.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal))
            entry[$"eval_{name}"] = Json.Number(value);
        entry["eval_runtime"] = Math.Round(result.Seconds, 4);
        entry["eval_samples_per_second"] = Math.Round(result.Rows / result.Seconds, 3);
        entry["eval_steps_per_second"] = Math.Round(result.Batches / result.Seconds, 3);
        entry["step"] = _state.GlobalStep;
        _state.EvaluatedStep = _state.GlobalStep;
        AddToLog("eval", entry, told =>
        {
            told["is_best"] = isBest;
            told["seconds"] = Math.Round(RunSeconds, 3);
        });
    }

    /// <summary>Tells that files are about to be written.</summary>
    public void Saving()
    {
        _progress.Phase = TrainingPhase.Saving;
        _observer.Progressed(_progress);
    }

    /// <summary>Writes that a run goes on.</summary>
    public void Resumed() => Append(new JsonObject { ["event"] = "resume", ["step"] = _state.GlobalStep, ["epoch"] = _state.Epoch });

    /// <summary>Writes that the run failed.</summary>
    public void Failed(Errors.AteneaException error) => Append(new JsonObject
    {
        ["event"] = "error",
        ["step"] = _state.GlobalStep,
        ["epoch"] = _state.Epoch,
        ["code"] = error.Code.Id,
        ["message"] = $"{error.Code.Title}: {error.What}",
    });

    /// <summary>Writes that the run is finished.</summary>
    /// <param name="seconds">Seconds of training, evaluations and saves on the way included.</param>
    public void Ended(double seconds) => AddToLog("end", new JsonObject
    {
        ["epoch"] = _state.Epoch,
        ["step"] = _state.GlobalStep,
        ["total_flos"] = _state.TotalFlos,
        ["train_loss"] = Json.Number(_state.TrainLoss),
        ["train_runtime"] = Math.Round(seconds, 4),
        ["train_samples_per_second"] = Math.Round(_state.RowsSeen / seconds, 3),
        ["train_steps_per_second"] = Math.Round(_state.GlobalStep / seconds, 3),
    });

    /// <summary>Adds an entry to the log that transformers keeps, and tells it as an event with some keys more.</summary>
    private void AddToLog(string name, JsonObject entry, Action<JsonObject>? more = null)
    {
        _state.LogHistory.Add(entry);
        var told = (JsonObject)entry.DeepClone();
        told.Insert(0, "event", name);
        more?.Invoke(told);
        Append(told);
    }

    private void Append(JsonObject entry)
    {
        _state.Events.Add(entry);
        try
        {
            using var stream = new FileStream(_path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
            stream.Write(Utf8.GetBytes(Json.Line(entry)));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw FileErrors.CannotWrite(_path, e);
        }

        _observer.Happened(entry);
    }
}

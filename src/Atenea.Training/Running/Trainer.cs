using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>
/// The training loop with the semantics of transformers' Trainer: steps, log entries, evaluations, saves, the best model, and what is
/// written at the end.
/// Everything that decides a step is in the config and in the saved state, so a resumed run makes the same steps with the same bits.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private const int LossWindow = 20;

    private readonly RunConfig _config;
    private readonly RunFolder _folder;
    private readonly ClassificationData _data;
    private readonly Tokenizer _tokenizer;
    private readonly SequenceClassifier _model;
    private readonly TrainingRunOptions _options;
    private readonly IReadOnlyList<string> _notices;
    private readonly TrainingPlan _plan;
    private readonly BestModelRule _rule;
    private readonly ClassificationLoss _criterion;
    private readonly Backend _backend;
    private readonly Tape _tape;
    private readonly Optimizer _optimizer;
    private readonly StepRunner _runner;
    private readonly Evaluator _evaluator;
    private readonly TrainerState _state;
    private readonly History _history;
    private readonly TrainingProgress _progress = new();
    private readonly long _weightsPerToken;
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly double _secondsBefore;
    private readonly int _firstStep;
    private int _savedStep = -1;
    private double _sessionSeconds;
    private long _sessionRows;
    private long _sessionTokens;

    /// <summary>Prepares a run. All parts but what it makes itself stay the caller's.</summary>
    public Trainer(RunConfig config, RunFolder folder, ClassificationData data, Tokenizer tokenizer, SequenceClassifier model, TrainingRunOptions options,
        IReadOnlyList<string> notices, TrainerState? resumed)
    {
        (_config, _folder, _data, _tokenizer, _model, _options, _notices) = (config, folder, data, tokenizer, model, options, notices);
        TrainingOptions training = config.Training;
        _plan = TrainingPlan.Create(training, data.Train.Count);
        _rule = BestModelRule.From(training, data.Problem);
        _criterion = new ClassificationLoss(data.Problem, (float)training.LabelSmoothingFactor);
        Schedule schedule = Schedule.Create(training.LrSchedulerType, training.LearningRate, _plan.WarmupSteps, _plan.MaxSteps, training.LrSchedulerKwargs);
        _backend = Backend.Create(threads: options.Threads);
        _tape = new Tape(_backend);
        _optimizer = new Optimizer(_backend, model.Parameters,
            new OptimizerSettings(training.AdamBeta1, training.AdamBeta2, training.AdamEpsilon, training.WeightDecay, training.MaxGradNorm));
        BatchSampler sampler = BatchSampler.Shuffled(data.Train.Count, training.PerDeviceTrainBatchSize, training.DataSeed ?? training.Seed, training.DataloaderDropLast);
        _runner = new StepRunner(model, _criterion, data.Train, sampler, _plan, schedule, _optimizer, _tape, (ulong)training.Seed);
        _evaluator = new Evaluator(model, _criterion, _tape, training.PerDeviceEvalBatchSize);
        _weightsPerToken = model.Parameters.ElementsPerToken;
        _state = resumed ?? new TrainerState();
        if (resumed is not null) _optimizer.Load(RunFolder.OptimizerFile(folder.Last));
        _state.Rows = data.Train.Count;
        if (_state.MaxSteps != _plan.MaxSteps)
        {
            var curve = new LossCurve(_plan.MaxSteps);
            if (resumed is not null) curve.Read(_state.Curve.ToJson());
            _state.Curve = curve;
            _state.MaxSteps = _plan.MaxSteps;
        }

        _secondsBefore = _state.RunSeconds;
        _firstStep = _state.GlobalStep;
        _history = new History(folder.History, _state);
        if (resumed is not null) _savedStep = _state.GlobalStep;
    }

    /// <summary>Trains to the end, or until asked to stop.</summary>
    public TrainingRunResult Run()
    {
        _history.Rewrite();
        _options.Observer.Started(RunSummary.Start(_config, _plan, _data, _model));
        try
        {
            if (_state.GlobalStep == 0 && _config.Training.EvalOnStart && _data.Validation is not null && _state.EvaluatedStep < 0) Evaluate();
            if (_state.GlobalStep > 0)
            {
                Happen(new JsonObject { ["event"] = "resume", ["step"] = _state.GlobalStep, ["epoch"] = _state.Epoch });
                AfterStep(); // What the interruption cut off after its last step.
            }

            while (_state.GlobalStep < _plan.MaxSteps)
            {
                _options.Cancellation.ThrowIfCancellationRequested();
                Step();
                AfterStep();
            }

            return Finish();
        }
        catch (OperationCanceledException) when (_options.Cancellation.IsCancellationRequested)
        {
            SaveLast();
            return new TrainingRunResult(_folder, _state, null, null, IsInterrupted: true);
        }
        catch (AteneaException e)
        {
            Happen(new JsonObject { ["event"] = "error", ["step"] = _state.GlobalStep, ["epoch"] = _state.Epoch, ["code"] = e.Code.Id, ["message"] = $"{e.Code.Title}: {e.What}" });
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _optimizer.Dispose();
        _tape.Dispose();
        _backend.Dispose();
    }

    /// <summary>One optimizer step and its bookkeeping. Allocates nothing in steady state.</summary>
    internal void Step()
    {
        long start = Stopwatch.GetTimestamp();
        StepResult result = _runner.Run(_state.GlobalStep);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

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
        _options.Observer.Progressed(_progress);
    }

    /// <summary>Logs, evaluates and saves if this step asks for it and it has not been done.</summary>
    private void AfterStep()
    {
        int step = _state.GlobalStep;
        if (_plan.LogsAfter(step) && _state.LoggedStep < step) Log();
        bool improved = _plan.EvaluatesAfter(step) && _state.EvaluatedStep < step && Evaluate();
        bool saves = _plan.SavesAfter(step) || (improved && _config.Training.SaveStrategy == SaveStrategy.Best);
        if (saves && _savedStep != step) SaveLast();
    }

    private void Log()
    {
        double loss = _state.LossSinceLog / (_state.GlobalStep - _state.LoggedStep);
        var entry = new JsonObject
        {
            ["epoch"] = _state.Epoch,
            ["grad_norm"] = Json.Number(_state.GradientNorm),
            ["learning_rate"] = _progress.LearningRate,
            ["loss"] = Json.Number(loss),
            ["step"] = _state.GlobalStep,
        };
        _state.LogHistory.Add(entry);
        _state.LossSinceLog = 0;
        _state.LoggedStep = _state.GlobalStep;
        Happen(new JsonObject
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

    /// <summary>Evaluates the validation rows; returns whether it is the best so far, and then keeps the model.</summary>
    private bool Evaluate()
    {
        EvaluationResult result = Evaluate(_evaluator, _data.Validation!);
        double deciding = result.Metric(_rule.Metric)!.Value;
        bool improved = _rule.IsAsked && _rule.Improves(deciding, _state.BestMetric);
        if (improved)
        {
            _state.BestMetric = deciding;
            _state.BestStep = _state.GlobalStep;
        }

        var entry = new JsonObject { ["epoch"] = _state.Epoch };
        foreach ((string name, double value) in result.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal)) entry[$"eval_{name}"] = Json.Number(value);
        entry["eval_runtime"] = Math.Round(result.Seconds, 4);
        entry["eval_samples_per_second"] = Math.Round(result.Rows / result.Seconds, 3);
        entry["eval_steps_per_second"] = Math.Round(result.Batches / result.Seconds, 3);
        entry["step"] = _state.GlobalStep;
        _state.LogHistory.Add(entry);
        _state.EvaluatedStep = _state.GlobalStep;
        var told = (JsonObject)entry.DeepClone();
        told.Insert(0, "event", "eval");
        told["is_best"] = improved;
        told["seconds"] = Math.Round(RunSeconds, 3);
        Happen(told);
        if (improved) SaveModel(_folder.Best);
        return improved;
    }

    private EvaluationResult Evaluate(Evaluator evaluator, EncodedDataset rows)
    {
        _progress.Phase = TrainingPhase.Evaluating;
        _progress.RowsToEvaluate = rows.Count;
        Predictions predictions = evaluator.Predict(rows, done =>
        {
            _progress.RowsEvaluated = done;
            _options.Observer.Progressed(_progress);
        }, _options.Cancellation);
        if (!double.IsFinite(predictions.LossSum))
        {
            throw new AteneaException(Catalogue.LossNotFinite, $"loss {predictions.Loss.ToString(CultureInfo.InvariantCulture)} in the evaluation after step {_state.GlobalStep}");
        }

        return EvaluationResult.Score(predictions, rows, _model.Labels, _data.Problem);
    }

    private void Happen(JsonObject entry)
    {
        _history.Append(entry);
        _options.Observer.Happened(entry);
    }

    private double RunSeconds => _secondsBefore + Stopwatch.GetElapsedTime(_started).TotalSeconds;

    private void TellSaving()
    {
        _progress.Phase = TrainingPhase.Saving;
        _options.Observer.Progressed(_progress);
    }

    private void SaveModel(string folder)
    {
        TellSaving();
        RunFolder.Replace(folder, WriteModel);
    }

    private void WriteModel(string folder)
    {
        _model.Save(folder);
        _tokenizer.Save(folder);
        DataOptions data = _config.Data;
        var settings = new ModelSettings
        {
            Task = _config.Task,
            MaxLength = _data.MaxLength,
            Text = data.Text,
            TextPair = data.TextPair,
            Label = data.Label,
        };
        settings.Save(folder);
    }

    private void SaveLast()
    {
        TellSaving();
        _state.RunSeconds = RunSeconds;
        string state = Json.Text(_state.ToJson(_plan, _config.Training.PerDeviceTrainBatchSize));
        RunFolder.Replace(_folder.Last, folder =>
        {
            WriteModel(folder);
            _optimizer.Save(RunFolder.OptimizerFile(folder));
            AtomicFile.WriteText(Path.Combine(folder, TrainerState.FileName), state);
        });
        AtomicFile.WriteText(_folder.State, state);
        _folder.KeepCheckpoint(_state.GlobalStep, _config.Training.SaveTotalLimit);
        _savedStep = _state.GlobalStep;
    }

    /// <summary>Decides the resulting model, evaluates it, and writes figures and report.</summary>
    private TrainingRunResult Finish()
    {
        double seconds = RunSeconds;
        var end = new JsonObject
        {
            ["epoch"] = _state.Epoch,
            ["step"] = _state.GlobalStep,
            ["total_flos"] = _state.TotalFlos,
            ["train_loss"] = Json.Number(_state.TrainLoss),
            ["train_runtime"] = Math.Round(seconds, 4),
            ["train_samples_per_second"] = Math.Round(_state.RowsSeen / seconds, 3),
            ["train_steps_per_second"] = Math.Round(_state.GlobalStep / seconds, 3),
        };

        bool isFinalModel = _state.BestStep is null || _state.BestStep == _state.GlobalStep;
        if (_state.BestStep is null) SaveModel(_folder.Best);
        using SequenceClassifier? best = isFinalModel ? null : ModelLoader.Load<SequenceClassifier>(_folder.Best);
        Evaluator evaluator = best is null ? _evaluator : new Evaluator(best, _criterion, _tape, _config.Training.PerDeviceEvalBatchSize);
        EvaluationResult? validation = _data.Validation is { } v ? Evaluate(evaluator, v) : null;
        EvaluationResult? test = _data.Test is { } t ? Evaluate(evaluator, t) : null;

        _state.LogHistory.Add(end);
        var told = (JsonObject)end.DeepClone();
        told.Insert(0, "event", "end");
        Happen(told);
        AtomicFile.WriteText(_folder.State, Json.Text(_state.ToJson(_plan, _config.Training.PerDeviceTrainBatchSize)));
        var summary = new RunSummary(_config, _plan, _data, _model, _state, _rule, validation, test, _notices, seconds);
        AtomicFile.WriteText(_folder.Metrics, Json.Text(summary.Metrics()));
        Reports.Report report = summary.Report();
        AtomicFile.WriteText(_folder.ReportMarkdown, report.ToMarkdown());
        AtomicFile.WriteText(_folder.ReportHtml, report.ToHtml());
        return new TrainingRunResult(_folder, _state, validation, test, IsInterrupted: false);
    }
}

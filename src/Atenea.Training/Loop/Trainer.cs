using System.Diagnostics;
using System.Globalization;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// The training loop with the semantics of transformers' Trainer: steps, log entries, evaluations, saves, the best model, and what is
/// written at the end. Everything that decides a step is in the config and in the saved state, so a resumed run makes the same steps with
/// the same bits.
/// </summary>
internal sealed class Trainer : IDisposable
{
    private readonly RunConfig _config;
    private readonly RunFolder _folder;
    private readonly TrainingTask _task;
    private readonly TaskData _data;
    private readonly TaskModel _model;
    private readonly TrainingRunOptions _options;
    private readonly IReadOnlyList<string> _notices;
    private readonly TrainingPlan _plan;
    private readonly BestModelRule _rule;
    private readonly Backend _backend;
    private readonly Tape _tape;
    private readonly Optimizer _optimizer;
    private readonly StepRunner _runner;
    private readonly TrainerState _state;
    private readonly RunJournal _journal;
    private readonly RunSaver _saver;

    /// <summary>Prepares a run. All parts but what it makes itself stay the caller's.</summary>
    /// <param name="config">The resolved config.</param>
    /// <param name="folder">The run's folder.</param>
    /// <param name="task">The task, which has learnt from the training rows.</param>
    /// <param name="data">The features.</param>
    /// <param name="model">The model.</param>
    /// <param name="options">Threads, observer, cancellation.</param>
    /// <param name="notices">What was told so far, for the report.</param>
    /// <param name="resumed">The state of <c>last/</c> to go on from; null for a new run.</param>
    public Trainer(RunConfig config, RunFolder folder, TrainingTask task, TaskData data, TaskModel model, TrainingRunOptions options,
        IReadOnlyList<string> notices, TrainerState? resumed)
    {
        (_config, _folder, _task, _data, _model, _options, _notices) = (config, folder, task, data, model, options, notices);
        TrainingOptions training = config.Training;
        _plan = TrainingPlan.Create(training, data.Train.Count);
        _rule = BestModelRule.From(training, task.MetricNames);
        _backend = Backend.Create(options.Backend, options.Threads);
        _tape = new Tape(_backend);
        _optimizer = new Optimizer(_backend, model.Parameters, new OptimizerSettings(
            training.AdamBeta1, training.AdamBeta2, training.AdamEpsilon, training.WeightDecay, training.MaxGradNorm));
        BatchSampler sampler = BatchSampler.Shuffled(
            data.Train.Count, training.PerDeviceTrainBatchSize, training.DataSeed ?? training.Seed, training.DataloaderDropLast);
        Schedule schedule = Schedule.Create(
            training.LrSchedulerType, training.LearningRate, _plan.WarmupSteps, _plan.MaxSteps, training.LrSchedulerKwargs);
        _runner = new StepRunner(model, new TaskBatches(task, data.Train, sampler), _plan, schedule, _optimizer, _tape)
        {
            Seed = (ulong)training.Seed,
            LabelSmoothing = (float)training.LabelSmoothingFactor,
        };
        _state = resumed ?? new TrainerState();
        _state.Begin(_plan.MaxSteps, data.Train.Count);
        _journal = new RunJournal(folder.History, _state, _plan, options.Observer, model.Parameters.ElementsPerToken);
        _saver = new RunSaver(folder, config, _plan, model, task.Context.Tokenizer, SettingsOf(config, task), _optimizer, _state);
        if (resumed is null) return;
        _optimizer.Load(RunFolder.OptimizerFile(folder.Last));
        _saver.IsSaved();
    }

    /// <summary>Trains to the end, or until asked to stop.</summary>
    public TrainingRunResult Run()
    {
        _options.Observer.Started(RunSummary.Start(_config, _plan, _task, _data, _model));
        try
        {
            if (_state is { GlobalStep: 0, EvaluatedStep: < 0 } && _config.Training.EvalOnStart && _data.Validation is not null) Evaluate();
            if (_state.GlobalStep > 0)
            {
                _journal.Resumed();
                AfterStep(); // What the interruption cut off after its last step.
            }

            while (_state.GlobalStep < _plan.MaxSteps)
            {
                _options.Cancellation.ThrowIfCancellationRequested();
                long start = Stopwatch.GetTimestamp();
                StepResult result = _runner.Run(_state.GlobalStep);
                _journal.Stepped(result, Stopwatch.GetElapsedTime(start).TotalSeconds);
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
            _journal.Failed(e);
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

    private static ModelSettings SettingsOf(RunConfig config, TrainingTask task) => new()
    {
        Task = config.Task,
        MaxLength = task.MaxLength,
        Stride = config.Data.Stride,
        Text = task.Columns.Text,
        TextPair = task.Columns.TextPair,
        Label = task.Columns.Label is [_, ..] label ? label : null,
        Config = task.EvaluationKeys.ToDictionary(key => key, key => ConfigSchema.Find(key)!.Format(config), StringComparer.Ordinal),
    };

    /// <summary>Logs, evaluates and saves if this step asks for it and it has not been done.</summary>
    private void AfterStep()
    {
        int step = _state.GlobalStep;
        if (_plan.LogsAfter(step) && _state.LoggedStep < step) _journal.Log();
        bool improved = _plan.EvaluatesAfter(step) && _state.EvaluatedStep < step && Evaluate();
        bool saves = _plan.SavesAfter(step) || (improved && _config.Training.SaveStrategy == SaveStrategy.Best);
        if (saves && _saver.HasUnsaved) SaveLast();
    }

    /// <summary>Evaluates the validation rows; returns whether it is the best so far, and then keeps the model.</summary>
    private bool Evaluate()
    {
        EvaluationResult result = Evaluate(_model, _data.Validation!);
        double deciding = result.Metric(_rule.Metric)!.Value;
        bool improved = _rule.IsAsked && _rule.Improves(deciding, _state.BestMetric);
        if (improved) (_state.BestMetric, _state.BestStep) = (deciding, _state.GlobalStep);
        _journal.Evaluated(result, improved);
        if (improved) SaveBest();
        return improved;
    }

    private EvaluationResult Evaluate(TaskModel model, FeatureSet features)
    {
        TrainingOptions training = _config.Training;
        var evaluator = new Evaluator(model, _task, _tape, training.PerDeviceEvalBatchSize, (float)training.LabelSmoothingFactor);
        EvaluationResult result = evaluator.Evaluate(features, done => _journal.Evaluating(done, features.Count), _options.Cancellation);
        double loss = result.Metric("loss")!.Value;
        return double.IsFinite(loss) ? result : throw new AteneaException(Catalogue.LossNotFinite,
            $"loss {loss.ToString(CultureInfo.InvariantCulture)} in the evaluation after step {_state.GlobalStep}");
    }

    private void SaveBest()
    {
        _journal.Saving();
        _saver.SaveBest();
    }

    private void SaveLast()
    {
        _journal.Saving();
        _saver.SaveLast(_journal.RunSeconds);
    }

    /// <summary>Decides the resulting model, evaluates it, and writes figures and report.</summary>
    private TrainingRunResult Finish()
    {
        double seconds = _journal.RunSeconds;
        bool isFinalModel = _state.BestStep is null || _state.BestStep == _state.GlobalStep;
        if (_state.BestStep is null) SaveBest();
        using TaskModel? best = isFinalModel ? null : (TaskModel)ModelLoader.Load(_folder.Best, TrainingTasks.Find(_config.Task).Model);
        EvaluationResult? validation = _data.Validation is { } v ? Evaluate(best ?? _model, v) : null;
        EvaluationResult? test = _data.Test is { } t ? Evaluate(best ?? _model, t) : null;
        _journal.Ended(seconds);
        _saver.SaveState();
        var summary = new RunSummary(_config, _plan, _task, _data, _model, _state, _rule, validation, test, _notices, seconds);
        AtomicFile.WriteText(_folder.Metrics, Json.Text(summary.Metrics()));
        Reports.Report report = summary.Report();
        AtomicFile.WriteText(_folder.ReportMarkdown, report.ToMarkdown());
        AtomicFile.WriteText(_folder.ReportHtml, report.ToHtml());
        return new TrainingRunResult(_folder, _state, validation, test, IsInterrupted: false);
    }
}

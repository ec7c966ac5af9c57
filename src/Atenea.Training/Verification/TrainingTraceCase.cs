using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// A training trace: the optimizer steps of a reference run on the same batches. The loss and the gradient norm of every step and the final
/// weights are compared. The loop is that of real runs.
/// </summary>
internal sealed class TrainingTraceCase : IDisposable
{
    // goldens/models/README.md: about 1e-5 on the final weights above the float32 noise, 1e-4 relative on losses.
    private const double WeightTolerance = 1e-5;
    private const double SeriesTolerance = 1e-4;

    private readonly string _path;
    private readonly JsonObject _trace;
    private readonly TaskModel _model;
    private readonly RecordedBatches _batches;
    private readonly Tape _tape;
    private readonly int _accumulation;
    private readonly float _labelSmoothing;
    private readonly Series _losses = new("loss");
    private readonly Series _norms = new("grad_norm");
    private readonly Series _rates = new("learning_rate");

    private TrainingTraceCase(string folder, Backend backend)
    {
        _path = Path.Combine(folder, CaseFolder.Trace);
        _trace = CaseFolder.ReadJson(_path);
        _accumulation = CaseFolder.Value<int>(_trace, "gradient_accumulation_steps", _path);
        _labelSmoothing = _trace["label_smoothing"]?.GetValue<float>() ?? 0;
        string initial = Path.Combine(folder, CaseFolder.Initial);
        string className = CaseFolder.Value<string>(_trace, "model_class", _path);
        ModelTask task = Verifier.TaskOf(ModelConfig.Load(initial), className);
        Model model = ModelLoader.Load(initial, task);
        _model = model as TaskModel ?? throw WithoutHead(model, className);
        try
        {
            _batches = new RecordedBatches(Path.Combine(folder, CaseFolder.Batches), _model);
        }
        catch
        {
            _model.Dispose();
            throw;
        }

        _tape = new Tape(backend);
        HashSet<string> frozen = CaseFolder.Names(_trace, "frozen_parameters");
        foreach (Parameter parameter in _model.Parameters) parameter.RequiresGradient = !frozen.Contains(parameter.Name);
    }

    /// <summary>Runs a trace.</summary>
    public static CaseReport Run(string folder, Backend backend)
    {
        using var run = new TrainingTraceCase(folder, backend);
        run.Train();
        return new CaseReport(Verifier.NameOf(folder), folder, run._model.ClassName, run.Compare(folder), run.Weights());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _tape.Dispose();
        _model.Dispose();
        _batches.Dispose();
    }

    private static AteneaException WithoutHead(Model model, string className)
    {
        model.Dispose();
        return new AteneaException(Catalogue.ModelClassUnsupported, $"{className} has no loss to train on");
    }

    private void Train()
    {
        JsonObject schedule = Section("schedule");
        if (schedule["kind"]?.GetValue<string>() is not "linear")
        {
            throw new AteneaException(
                Catalogue.VerificationCaseInvalid, $"schedule {schedule["kind"]?.ToJsonString()} is not linear", _path);
        }

        JsonObject settings = Section("optimizer");
        Schedule rates = Schedule.Create(ScheduleType.Linear, CaseFolder.Value<double>(settings, "lr", _path),
            CaseFolder.Value<int>(schedule, "warmup_steps", _path), CaseFolder.Value<int>(schedule, "total_steps", _path));
        var steps = _trace["steps"] as JsonArray
            ?? throw new AteneaException(Catalogue.VerificationCaseInvalid, "'steps' is missing", _path);
        if (steps.Count == 0) return;
        TrainingPlan plan = TrainingPlan.Create(
            new TrainingOptions { PerDeviceTrainBatchSize = 1, GradientAccumulationSteps = _accumulation, MaxSteps = steps.Count },
            steps.Count * _accumulation);
        using Optimizer optimizer = NewOptimizer(settings);
        var runner = new StepRunner(_model, _batches, plan, rates, optimizer, _tape)
        {
            LabelSmoothing = _labelSmoothing,
            Division = _accumulation == 1 ? LossDivision.ByStep : FindDivision(steps[0]!),
        };
        for (int step = 0; step < steps.Count; step++)
        {
            var expected = (JsonObject)steps[step]!;
            StepResult result = runner.Run(step);
            _losses.Add(result.Loss, CaseFolder.Value<double>(expected, "loss_fp64", _path));
            _norms.Add(result.GradientNorm, CaseFolder.Value<double>(expected, "grad_norm_fp64", _path));
            _rates.Add(result.LearningRate, CaseFolder.Value<double>(expected, "lr", _path));
        }
    }

    private Optimizer NewOptimizer(JsonObject settings)
    {
        if (settings["betas"] is not JsonArray { Count: 2 } betas)
            throw new AteneaException(Catalogue.VerificationCaseInvalid, "'betas' is missing", _path);
        return new Optimizer(_tape.Backend, _model.Parameters, new OptimizerSettings
        {
            Beta1 = betas[0]!.GetValue<double>(),
            Beta2 = betas[1]!.GetValue<double>(),
            Epsilon = CaseFolder.Value<double>(settings, "eps", _path),
            WeightDecay = CaseFolder.Value<double>(settings, "weight_decay", _path),
            MaxGradientNorm = CaseFolder.Value<double>(_trace, "clip_grad_norm", _path),
        });
    }

    /// <summary>
    /// What the reference divided by. With gradient accumulation it has three ways, by model class, and a trace does not say which: the
    /// loss of its first step, when no weight has moved yet, does.
    /// </summary>
    private LossDivision FindDivision(JsonNode firstStep)
    {
        double expected = CaseFolder.Value<double>((JsonObject)firstStep, "loss_fp64", _path);
        int terms = _model.LossTerms.Count;
        double[] sums = new double[terms], counts = new double[terms];
        double means = 0;
        var pass = new ForwardPass(_tape, new InputBatch());
        var labels = new ModelLabels();
        for (int micro = 0; micro < _accumulation; micro++)
        {
            pass.Batch.Clear();
            labels.Clear();
            _batches.Fill(0, micro, pass.Batch, labels);
            _tape.Begin(TapeMode.Inference);
            ModelLoss loss = _model.Loss(pass, labels, _labelSmoothing);
            means += loss.Mean;
            for (int term = 0; term < terms; term++)
            {
                sums[term] += loss[term].Sum;
                counts[term] += loss[term].Count;
            }
        }

        double byStep = 0;
        for (int term = 0; term < terms; term++) byStep += _model.LossTerms[term].Weight * sums[term] / counts[term];
        return new[]
        {
            (LossDivision.ByStep, byStep), (LossDivision.ByMicroBatch, means), (LossDivision.ByMicroBatchAndNumber, means / _accumulation),
        }.MinBy(way => Math.Abs(way.Item2 - expected)).Item1;
    }

    private List<TensorCheck> Compare(string folder)
    {
        using SafeTensorsFile final = SafeTensorsFile.Open(Path.Combine(folder, CaseFolder.Final));
        HashSet<string> noiseOnly = CaseFolder.Names(_trace, "zero_gradient_parameters");
        var noises = _trace["final_max_abs_diff_fp32_vs_fp64_per_parameter"] as JsonObject;
        List<TensorCheck> checks = [_rates.Check(), _losses.Check(), _norms.Check()];
        foreach (ComputedTensor weight in Weights())
        {
            if (!final.Tensors.TryGetValue(weight.Name, out SafeTensorInfo? info) || !weight.Shape.AsSpan().SequenceEqual(info.Shape))
            {
                checks.Add(TensorCheck.Missing(weight.Name, weight.Shape));
                continue;
            }

            double? noise = noises?[weight.Name]?.GetValue<double>();
            TensorCheck check = TensorCheck.Compare(weight, final.ReadFloats(weight.Name), noise,
                tolerance: WeightTolerance + (noise ?? 0));
            checks.Add(noiseOnly.Contains(weight.Name) ? check with { Verdict = CheckVerdict.NotCompared } : check);
        }

        return checks;
    }

    private List<ComputedTensor> Weights() =>
    [
        .. _model.Parameters.Select(parameter => new ComputedTensor(
            parameter.Name, [.. parameter.Shape.ToArray().Select(size => (long)size)], parameter.ToArray())),
    ];

    private JsonObject Section(string key) => _trace[key] as JsonObject
        ?? throw new AteneaException(Catalogue.VerificationCaseInvalid, $"'{key}' is missing", _path);

    /// <summary>A number per step, compared relatively.</summary>
    private sealed class Series(string name)
    {
        private int _count;
        private double _error;
        private double _largest;

        public void Add(double value, double expected)
        {
            double difference = Math.Abs(value - expected);
            double error = expected == 0 ? difference : difference / Math.Abs(expected);
            _error = double.IsNaN(error) || double.IsNaN(_error) ? double.NaN : Math.Max(_error, error);
            _largest = Math.Max(_largest, Math.Abs(expected));
            _count++;
        }

        public TensorCheck Check() => new(name, $"{_count} steps", _error, SeriesTolerance, null, _largest,
            _error <= SeriesTolerance ? CheckVerdict.Passed : CheckVerdict.Failed);
    }
}

using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>
/// A training trace: the optimizer steps of a reference run on the same batches. The loss and the gradient norm of every step and the final weights are
/// compared.
/// </summary>
internal sealed unsafe class TrainingTraceCase : IDisposable
{
    // goldens/models/README.md: about 1e-5 on the final weights above the float32 noise, 1e-4 relative on losses.
    private const double WeightTolerance = 1e-5;
    private const double SeriesTolerance = 1e-4;
    private const double NormEpsilon = 1e-6; // torch.nn.utils.clip_grad_norm_

    private readonly string _path;
    private readonly JsonObject _trace;
    private readonly SequenceClassifier _model;
    private readonly SafeTensorsFile _batches;
    private readonly Tape _tape;
    private readonly HashSet<string> _decayed;
    private readonly List<(Parameter Parameter, nint FirstMoment, nint SecondMoment)> _states = [];
    private readonly Series _losses = new("loss");
    private readonly Series _norms = new("grad_norm");
    private readonly Series _rates = new("learning_rate");

    private TrainingTraceCase(string folder, WorkerTeam team)
    {
        _path = Path.Combine(folder, CaseFolder.Trace);
        _trace = CaseFolder.ReadJson(_path);
        string initial = Path.Combine(folder, CaseFolder.Initial);
        Verifier.ClassSuffix(ModelConfig.Load(initial), CaseFolder.Value<string>(_trace, "model_class", _path), SequenceClassifier.ClassSuffix);
        _batches = SafeTensorsFile.Open(Path.Combine(folder, CaseFolder.Batches));
        try
        {
            _model = ModelLoader.LoadSequenceClassifier(initial);
        }
        catch
        {
            _batches.Dispose();
            throw;
        }

        _tape = new Tape(team);
        _decayed = CaseFolder.Names(_trace, "weight_decay_parameters");
        HashSet<string> frozen = CaseFolder.Names(_trace, "frozen_parameters");
        foreach (Parameter parameter in _model.Parameters)
        {
            if (frozen.Contains(parameter.Name)) parameter.RequiresGradient = false;
            else _states.Add((parameter, NewMoments(parameter), NewMoments(parameter)));
        }
    }

    /// <summary>Runs a trace.</summary>
    public static CaseReport Run(string folder, WorkerTeam team)
    {
        using var run = new TrainingTraceCase(folder, team);
        run.Train();
        return new CaseReport(Verifier.NameOf(folder), folder, run._model.ClassName, run.Compare(folder), run.Weights());
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach ((Parameter parameter, nint first, nint second) in _states)
        {
            NativeBlock.Free((void*)first, MomentBytes(parameter));
            NativeBlock.Free((void*)second, MomentBytes(parameter));
        }

        _tape.Dispose();
        _model.Dispose();
        _batches.Dispose();
    }

    private static nuint MomentBytes(Parameter parameter) => (nuint)parameter.Length * sizeof(float);

    private static nint NewMoments(Parameter parameter) => (nint)NativeBlock.AllocateZeroed(MomentBytes(parameter));

    private void Train()
    {
        JsonObject optimizer = Section("optimizer");
        JsonObject schedule = Section("schedule");
        if (schedule["kind"]?.GetValue<string>() is not "linear")
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"schedule {schedule["kind"]?.ToJsonString()} is not linear", _path);
        var betas = optimizer["betas"] as JsonArray ?? throw new AteneaException(Catalogue.VerificationCaseInvalid, "'betas' is missing", _path);
        Schedule rates = Schedule.Create(ScheduleType.Linear, CaseFolder.Value<double>(optimizer, "lr", _path),
            CaseFolder.Value<int>(schedule, "warmup_steps", _path), CaseFolder.Value<int>(schedule, "total_steps", _path));
        int accumulation = CaseFolder.Value<int>(_trace, "gradient_accumulation_steps", _path);
        double clip = CaseFolder.Value<double>(_trace, "clip_grad_norm", _path);
        var settings = new AdamWSettings
        {
            Beta1 = betas[0]!.GetValue<double>(),
            Beta2 = betas[1]!.GetValue<double>(),
            Epsilon = CaseFolder.Value<double>(optimizer, "eps", _path),
            WeightDecay = CaseFolder.Value<double>(optimizer, "weight_decay", _path),
        };
        var steps = _trace["steps"] as JsonArray ?? throw new AteneaException(Catalogue.VerificationCaseInvalid, "'steps' is missing", _path);
        for (int step = 0; step < steps.Count; step++)
        {
            var expected = (JsonObject)steps[step]!;
            _model.Parameters.ZeroGradients();
            double loss = 0;
            for (int micro = step * accumulation; micro < (step + 1) * accumulation; micro++) loss += RunMicroBatch(micro);
            double norm = GradientNorm.Global(_tape.Team, [.. _states.Select(state => state.Parameter)]);
            double rate = rates.At(step);
            Update(settings, rate, step + 1, Math.Min(1, clip / (norm + NormEpsilon)));
            _losses.Add(loss, CaseFolder.Value<double>(expected, "loss_fp64", _path));
            _norms.Add(norm, CaseFolder.Value<double>(expected, "grad_norm_fp64", _path));
            _rates.Add(rate, CaseFolder.Value<double>(expected, "lr", _path));
        }
    }

    /// <summary>Adds the gradients of one micro-batch; returns its loss, a plain mean as the classifiers of transformers return it.</summary>
    private double RunMicroBatch(int micro)
    {
        string prefix = $"batch.{micro}";
        PaddedInput input = PaddedInput.Read(_batches, prefix);
        _tape.Begin(TapeMode.Training, seed: 0, step: (ulong)micro);
        Tensor logits = _model.Forward(_tape, input.Batch);
        float smoothing = _trace["label_smoothing"]?.GetValue<float>() ?? 0;
        Loss loss = CaseLabels.Compute(_tape, logits, _model, _batches, prefix + ".labels", smoothing);
        _tape.Backward(loss, 1f / loss.Count);
        return loss.Mean;
    }

    private void Update(AdamWSettings settings, double rate, int step, double gradientScale)
    {
        foreach ((Parameter parameter, nint first, nint second) in _states)
        {
            AdamWSettings own = settings with
            {
                LearningRate = rate,
                WeightDecay = _decayed.Contains(parameter.Name) ? settings.WeightDecay : 0,
                Step = step,
            };
            AdamW.Step(_tape.Team, parameter, (float*)first, (float*)second, own, (float)gradientScale);
        }
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
            TensorCheck check = TensorCheck.Compare(weight, final.ReadFloats(weight.Name), noise, tolerance: WeightTolerance + (noise ?? 0));
            checks.Add(noiseOnly.Contains(weight.Name) ? check with { Verdict = CheckVerdict.NotCompared } : check);
        }

        return checks;
    }

    private List<ComputedTensor> Weights() =>
    [
        .. _model.Parameters.Select(parameter => new ComputedTensor(
            parameter.Name, [.. parameter.Shape.ToArray().Select(size => (long)size)], parameter.Values.ToArray())),
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

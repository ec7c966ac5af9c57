using System.Text.Json.Nodes;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Training;

/// <summary>A forward/backward case: hidden states, attention, outputs, the loss, and the gradient of every parameter.</summary>
internal sealed class ForwardCase
{
    private const string Loss = "loss";
    private const string LossWeights = "loss_weights.";
    private const string LastHiddenState = "last_hidden_state";
    private const string PoolerOutput = "pooler_output";
    private const string Logits = "logits";
    private const string Gradient = "grad.";

    // What a dump holds besides outputs.
    private static readonly string[] InputPrefixes = ["input.", "labels", "label.", LossWeights];

    private readonly SafeTensorsFile _file;
    private readonly SafeTensorsFile? _expected;
    private readonly PaddedInput _input;
    private readonly ForwardPass _pass;
    private readonly List<ComputedTensor> _outputs = [];
    private readonly HashSet<string> _heads = [Logits]; // what heads computed

    private ForwardCase(SafeTensorsFile file, SafeTensorsFile? expected, PaddedInput input, Tape tape)
    {
        _file = file;
        _expected = expected;
        _input = input;
        EncoderCapture capture = new() { WantsHiddenStates = true, WantsAttentions = true };
        _pass = new ForwardPass(tape, input.Batch) { Capture = capture };
    }

    /// <summary>Runs a case.</summary>
    public static CaseReport Run(string folder, Backend backend)
    {
        ModelConfig config = ModelConfig.Load(folder);
        string factsPath = Path.Combine(folder, CaseFolder.Facts);
        JsonObject facts = File.Exists(factsPath) ? CaseFolder.ReadJson(factsPath) : [];
        ModelTask task = Verifier.TaskOf(config, facts["model_class"]?.GetValue<string>());
        using SafeTensorsFile file = SafeTensorsFile.Open(Path.Combine(folder, CaseFolder.Tensors));
        string expectedPath = Path.Combine(folder, CaseFolder.Expected);
        using SafeTensorsFile? expected = File.Exists(expectedPath) ? SafeTensorsFile.Open(expectedPath) : null;
        using var tape = new Tape(backend);
        var run = new ForwardCase(file, expected, PaddedInput.Read(file, "input", new InputBatch()), tape);
        using Model model = ModelLoader.Load(folder, task);
        tape.Begin(TapeMode.Evaluation);
        if (model is TaskModel head) run.RunTask(head);
        else run.RunBase((BaseModel)model);
        run.AddGradients(model);
        return new CaseReport(Verifier.NameOf(folder), folder, model.ClassName, run.Compare(model, facts), run.StoredOutputs());
    }

    /// <summary>
    /// A bare encoder has no loss; the dump projects its outputs on stored weights: loss = sum(output * weights), a plain sum.
    /// </summary>
    private void RunBase(BaseModel model)
    {
        Tensor last = model.Forward(_pass);
        AddCapture();
        Tensor pooled = AddPooled(model.Pooler);
        if (!_file.Tensors.ContainsKey(LossWeights + LastHiddenState)) return;
        double loss = Project(last, _input.Flatten(_file.ReadFloats(LossWeights + LastHiddenState), last.Columns));
        if (_file.Tensors.ContainsKey(LossWeights + PoolerOutput)) loss += Project(pooled, _file.ReadFloats(LossWeights + PoolerOutput));
        _outputs.Add(new ComputedTensor(Loss, [], [(float)loss]));
        _pass.Tape.Backward();
    }

    private void RunTask(TaskModel model)
    {
        ModelOutputs outputs = model.Run(_pass);
        AddCapture();
        if (_file.Tensors.ContainsKey(PoolerOutput)) AddPooled(model.Pooler);
        foreach (ModelOutput named in outputs.All)
        {
            _heads.Add(named.Name);
            _outputs.Add(_input.Pad(named));
        }

        var labels = new ModelLabels();
        if (!CaseLabels.Read(_file, prefix: "", _input, model, labels)) return;
        ModelLoss loss = model.LossOf(_pass, outputs, labels);
        _outputs.Add(new ComputedTensor(Loss, [], [(float)loss.Mean]));
        loss.Backward(_pass.Tape);
    }

    private double Project(Tensor output, float[] weights)
    {
        if (weights.Length != output.Length)
        {
            throw new AteneaException(Catalogue.VerificationCaseInvalid, $"{weights.Length} loss weights for {output.Length} outputs",
                _file.Path);
        }

        double sum = 0;
        float[] values = output.ToArray();
        for (int i = 0; i < weights.Length; i++) sum += (double)values[i] * weights[i];
        _pass.Tape.SeedGradient(output, weights);
        return sum;
    }

    private void AddCapture()
    {
        EncoderCapture capture = _pass.Capture!;
        for (int i = 0; i < capture.HiddenStates.Count; i++) _outputs.Add(Pad($"hidden_states.{i}", capture.HiddenStates[i]));
        for (int i = 0; i < capture.Attentions.Count; i++) _outputs.Add(_input.PadAttention($"attentions.{i}", capture.Attentions[i]));
        _outputs.Add(Pad(LastHiddenState, capture.HiddenStates[^1]));
    }

    private Tensor AddPooled(Pooler? pooler)
    {
        if (pooler is null) return default;
        Tensor pooled = pooler.Forward(_pass, _pass.Tape.SelectRows(_pass.Capture!.HiddenStates[^1], _pass.Batch.FirstTokens));
        _outputs.Add(new ComputedTensor(PoolerOutput, [pooled.Rows, pooled.Columns], pooled.ToArray()));
        return pooled;
    }

    private ComputedTensor Pad(string name, Tensor flat) => _input.Pad(name, flat.ToArray(), flat.Columns);

    private void AddGradients(Model model)
    {
        foreach (Parameter parameter in model.Parameters) AddGradient(parameter.Name, parameter);
        // Which of a tied weight's names counts depends on the order in which the reference builds its modules.
        foreach ((string name, Parameter parameter) in model.Parameters.Ties) AddGradient(name, parameter);
    }

    private void AddGradient(string name, Parameter parameter)
    {
        long[] shape = [.. parameter.Shape.ToArray().Select(size => (long)size)];
        _outputs.Add(new ComputedTensor(Gradient + name, shape, parameter.GradientToArray()));
    }

    private IEnumerable<SafeTensorInfo> References() =>
        _file.Tensors.Values.Where(info => !InputPrefixes.Any(prefix => info.Name.StartsWith(prefix, StringComparison.Ordinal)))
            .OrderBy(info => _outputs.FindIndex(output => output.Name == info.Name));

    private List<TensorCheck> Compare(Model model, JsonObject facts)
    {
        var noise = facts["torch_fp32_max_abs_err"] as JsonObject;
        var magnitude = facts["reference_max_abs"] as JsonObject;
        var checks = new List<TensorCheck>();
        foreach (SafeTensorInfo info in References())
        {
            ComputedTensor? computed = _outputs.Find(output => output.Name == info.Name);
            SafeTensorsFile source = _expected?.Tensors.ContainsKey(info.Name) == true ? _expected : _file;
            TensorCheck check = computed is null || !computed.Shape.AsSpan().SequenceEqual(source.Info(info.Name).Shape)
                ? TensorCheck.Missing(info.Name, info.Shape)
                : TensorCheck.Compare(computed, source.ReadFloats(info.Name), Number(noise, info.Name), Number(magnitude, info.Name));
            checks.Add(IsBeyond(model, info.Name) ? check with { Verdict = CheckVerdict.NotCompared } : check);
        }

        return checks;
    }

    /// <summary>
    /// Whether a tensor of the dump is out of this model's reach: what depends on weights that the checkpoint does not hold and that were
    /// drawn anew, the output of a head for a bare encoder, or what was computed from the same weights in another precision alone.
    /// </summary>
    private bool IsBeyond(Model model, string name)
    {
        if (_expected is not null && !_expected.Tensors.ContainsKey(name)) return true;
        if (model is BaseModel && name == Logits) return true;
        IReadOnlyList<NewWeight> drawn = model.LoadReport!.NewlyInitialised;
        if (drawn.Count == 0) return false;
        return name == PoolerOutput
            ? drawn.Any(weight => weight.Name.Contains("pooler", StringComparison.Ordinal))
            : name == Loss || _heads.Contains(name) || name.StartsWith(Gradient, StringComparison.Ordinal);
    }

    /// <summary>What the dump holds too: gradients are computed in any case, but a dump without a loss has none.</summary>
    private List<ComputedTensor> StoredOutputs() => [.. _outputs.Where(output => _file.Tensors.ContainsKey(output.Name))];

    private static double? Number(JsonObject? table, string name) => table?[name]?.GetValue<double>();
}

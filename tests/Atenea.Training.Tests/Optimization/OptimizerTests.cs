using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Training.Tests;

public sealed class OptimizerTests : IDisposable
{
    private const int Steps = 30;
    private readonly Backend _backend = Backend.Create(threads: 1);
    private readonly Tape _tape;
    private readonly SafeTensorsFile _inputs = SafeTensorsFile.Open(References.Need(["optim", "inputs.safetensors"]));
    private readonly List<Parameter> _parameters = [];

    public OptimizerTests() => _tape = new Tape(_backend);

    public static TheoryData<string> AdamWTraces =>
    [
        .. Traces().EnumerateObject()
            .Where(t => t.Name.StartsWith("adamw", StringComparison.Ordinal) && !t.Value.GetProperty("amsgrad").GetBoolean())
            .Select(t => t.Name),
    ];

    [Theory]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(AdamWTraces))]
    public void Thirty_steps_end_where_the_float64_reference_ends(string trace)
    {
        JsonElement golden = Traces().GetProperty(trace);
        double[] betas = golden.GetProperty("betas").Numbers();
        AddAll(decay: true);
        var settings = new OptimizerSettings(
            betas[0], betas[1], golden.GetProperty("eps").GetDouble(), golden.GetProperty("weight_decay").GetDouble(), MaxGradientNorm: 0);
        using var optimizer = new Optimizer(_backend, _parameters, settings);
        double rate = golden.GetProperty("lr").GetDouble();
        Compare(trace, optimizer, _ => rate, null);
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Groups_clipping_and_schedule_together_equal_the_trainer()
    {
        JsonElement golden = Traces().GetProperty("trainer_like");
        AddAll(decay: false);
        using var optimizer = new Optimizer(_backend, _parameters,
            new OptimizerSettings(WeightDecay: 0.1, MaxGradientNorm: golden.GetProperty("clip").GetDouble()));
        Schedule schedule = Schedule.Create(ScheduleType.Linear, golden.GetProperty("lr").GetDouble(), 5, Steps);
        Compare("trainer_like", optimizer, schedule.At, golden.GetProperty("grad_norm_before_clip").Numbers());
    }

    [Fact]
    public void A_saved_state_goes_on_with_the_same_bits()
    {
        using var folder = new TemporaryFolder();
        AddAll(decay: true);
        using var straight = new Optimizer(_backend, _parameters, new OptimizerSettings(WeightDecay: 0.01));
        for (int step = 0; step < 10; step++) Advance(straight, step, 1e-3);
        straight.Save(folder.File("optimizer.safetensors"));
        float[][] middle = Values();
        for (int step = 10; step < 20; step++) Advance(straight, step, 1e-3);
        float[][] expected = Values();

        for (int i = 0; i < middle.Length; i++) _parameters[i].CopyFrom(middle[i]);
        using var resumed = new Optimizer(_backend, _parameters, new OptimizerSettings(WeightDecay: 0.01));
        resumed.Load(folder.File("optimizer.safetensors"));
        Assert.Equal(10, resumed.Steps);
        for (int step = 10; step < 20; step++) Advance(resumed, step, 1e-3);
        Assert.Equal(expected, Values());
    }

    [Fact]
    public void A_state_of_other_parameters_is_refused()
    {
        using var folder = new TemporaryFolder();
        AddAll(decay: true);
        using (var optimizer = new Optimizer(_backend, _parameters, new OptimizerSettings())) optimizer.Save(folder.File("o.safetensors"));
        using var other = new Parameter("other", 3, 2);
        using var stranger = new Optimizer(_backend, [other], new OptimizerSettings());
        Assert.Equal(Catalogue.ResumeImpossible, Assert.Throws<AteneaException>(() => stranger.Load(folder.File("o.safetensors"))).Code);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_named_and_changes_nothing()
    {
        AddAll(decay: true);
        using var optimizer = new Optimizer(_backend, _parameters, new OptimizerSettings());
        float[][] before = Values();
        Accumulate(_parameters[0], new float[_parameters[0].Length]);
        float[] broken = new float[_parameters[1].Length];
        broken[^1] = float.NaN;
        Accumulate(_parameters[1], broken);
        optimizer.Step(1e-3, out Parameter? nonFinite);
        Assert.Same(_parameters[1], nonFinite);
        Assert.Equal(0, optimizer.Steps);
        Assert.Equal(before, Values());
    }

    [Fact]
    public void A_step_allocates_nothing_on_the_managed_heap()
    {
        AddAll(decay: true);
        using var optimizer = new Optimizer(_backend, _parameters, new OptimizerSettings());
        for (int step = 0; step < 3; step++) Advance(optimizer, step, 1e-3);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int step = 0; step < 5; step++) optimizer.Step(1e-3, out _);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Decay_leaves_out_what_the_trainer_leaves_out()
    {
        using JsonDocument names = JsonDocument.Parse(File.ReadAllText(Golden.File("optim", "decay.json")));
        foreach (JsonElement golden in names.RootElement.EnumerateArray())
        {
            Assert.All(golden.GetProperty("decay").Texts()!, name => Assert.True(WeightDecayRule.Applies(name), name));
            Assert.All(golden.GetProperty("no_decay").Texts()!, name => Assert.False(WeightDecayRule.Applies(name), name));
        }

        Assert.False(WeightDecayRule.Applies("mpnet.encoder.relative_attention_bias.weight"));
        Assert.True(WeightDecayRule.Applies("bert.embeddings.position_embeddings.weight"));
    }

    public void Dispose()
    {
        foreach (Parameter parameter in _parameters) parameter.Dispose();
        _inputs.Dispose();
        _tape.Dispose();
        _backend.Dispose();
    }

    private static JsonElement Traces() => JsonDocument.Parse(File.ReadAllText(Golden.Reference("optim", "traces.json"))).RootElement;

    private float[][] Values() => [.. _parameters.Select(p => p.ToArray())];

    /// <summary>The tensors w, b, k, s; without decay for b and s when their names say bias.</summary>
    private void AddAll(bool decay)
    {
        foreach (string name in new[] { "w", "b", "k", "s" })
        {
            string shown = !decay && name is "b" or "s" ? name + ".bias" : name;
            int[] shape = [.. _inputs.Info($"init.{name}").Shape.Select(size => (int)size)];
            var parameter = new Parameter(decay ? name : shown, shape);
            parameter.CopyFrom(_inputs.ReadFloats($"init.{name}"));
            _parameters.Add(parameter);
        }
    }

    private static string Plain(Parameter parameter) => parameter.Name[..1];

    /// <summary>Gives a parameter a gradient by looking up all its rows, whose gradient is then the one seeded.</summary>
    private void Accumulate(Parameter parameter, ReadOnlySpan<float> gradient)
    {
        _tape.Begin(TapeMode.Evaluation);
        Tensor rows = _tape.Embedding([new EmbeddingInput(parameter, Enumerable.Range(0, parameter.Rows).ToArray())]);
        _tape.SeedGradient(rows, gradient);
        _tape.Backward();
    }

    private double Advance(Optimizer optimizer, int step, double rate)
    {
        optimizer.ZeroGradients();
        foreach (Parameter parameter in _parameters) Accumulate(parameter, _inputs.ReadFloats($"grad.{step}.{Plain(parameter)}"));
        return optimizer.Step(rate, out _);
    }

    private void Compare(string trace, Optimizer optimizer, Func<int, double> rate, double[]? norms)
    {
        using SafeTensorsFile expected = SafeTensorsFile.Open(Golden.Reference("optim", $"trace_{trace}.safetensors"));
        for (int step = 0; step < Steps; step++)
        {
            double norm = Advance(optimizer, step, rate(step));
            if (norms is not null) Golden.Close(norms[step], norm, 1e-6);
            foreach (Parameter parameter in _parameters)
            {
                string name = $"step{step + 1}.{Plain(parameter)}";
                if (!expected.Tensors.ContainsKey(name)) continue;
                float[] reference = expected.ReadFloats(name);
                for (int i = 0; i < reference.Length; i++)
                {
                    Assert.True(Math.Abs(reference[i] - parameter.ToArray()[i]) <= 2e-6 * Math.Max(1, Math.Abs(reference[i])),
                        $"{name}[{i}]: {reference[i]} against {parameter.ToArray()[i]}");
                }
            }
        }
    }
}

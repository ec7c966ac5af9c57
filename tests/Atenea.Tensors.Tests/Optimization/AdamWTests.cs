using System.Text.Json;

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed unsafe class AdamWTests
{
    private static readonly string[] Names = ["w", "b", "k", "s"];

    /// <summary>Traces of the plain AdamW.</summary>
    public static TheoryData<string> Traces
    {
        get
        {
            using JsonDocument settings = Golden.Json("optim", "traces.json");
            return
            [
                .. settings.RootElement.EnumerateObject().Where(t => t.Name.StartsWith("adamw", StringComparison.Ordinal)
                    && !t.Value.GetProperty("amsgrad").GetBoolean()).Select(t => t.Name),
            ];
        }
    }

    [Theory]
    [Trait("Data", "Goldens")]
    [MemberData(nameof(Traces))]
    public void Follows_the_reference_trace(string trace)
    {
        using JsonDocument settings = Golden.Json("optim", "traces.json");
        JsonElement s = settings.RootElement.GetProperty(trace);
        double[] betas = [.. s.GetProperty("betas").EnumerateArray().Select(b => b.GetDouble())];
        Walk(trace, (step, name, _) => (new AdamWSettings
        {
            LearningRate = s.GetProperty("lr").GetDouble(),
            Beta1 = betas[0],
            Beta2 = betas[1],
            Epsilon = s.GetProperty("eps").GetDouble(),
            WeightDecay = s.GetProperty("weight_decay").GetDouble(),
            Step = step,
        }, 1f));
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Follows_a_whole_schedule_with_clipping()
    {
        using JsonDocument settings = Golden.Json("optim", "traces.json");
        JsonElement s = settings.RootElement.GetProperty("trainer_like");
        double[] rates = [.. s.GetProperty("lr_used").EnumerateArray().Select(v => v.GetDouble())];
        double[] norms = [.. s.GetProperty("grad_norm_before_clip").EnumerateArray().Select(v => v.GetDouble())];
        Walk("trainer_like", (step, name, norm) =>
        {
            Assert.Equal(norms[step - 1], norm, 1e-7 * Math.Max(1, norms[step - 1]));
            var rate = new AdamWSettings { LearningRate = rates[step - 1], WeightDecay = name is "w" or "k" ? 0.1 : 0, Step = step };
            return (rate, (float)Math.Min(1, 1.0 / (norm + 1e-6)));
        });
    }

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(8192)]
    [InlineData(20001)]
    public void Is_the_same_on_every_path(int length)
    {
        float[] values = RandomValues.Normal(length, 1), gradient = RandomValues.Normal(length, 2, 1e-3f);
        float[] updated = EveryPath.SameBits(tape =>
        {
            using Parameter p = OperationHarness.Parameter("p", values);
            int before = p.Version;
            float[] m = new float[length], v = new float[length];
            for (int step = 1; step <= 3; step++)
            {
                bool accumulate;
                gradient.CopyTo(new Span<float>(p.GradientForWriting(out accumulate), length));
                fixed (float* pm = m, pv = v) AdamW.Step(tape.Backend, p, pm, pv, new AdamWSettings { WeightDecay = 0.01, Step = step }, 0.5f);
            }

            Assert.Equal(before + 3, p.Version);
            return [p.Values.ToArray(), m, v];
        })[0];
        double[] expected = values.Double(), first = new double[length], second = new double[length];
        for (int step = 1; step <= 3; step++)
        {
            for (int i = 0; i < length; i++)
            {
                double g = gradient[i] * 0.5;
                expected[i] -= 1e-3 * 0.01 * expected[i];
                first[i] = (0.9 * first[i]) + (0.1 * g);
                second[i] = (0.999 * second[i]) + (0.001 * g * g);
                expected[i] -= 1e-3 / (1 - Math.Pow(0.9, step)) * first[i] / ((Math.Sqrt(second[i]) / Math.Sqrt(1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        GradientCheck.Close("p", updated, expected, 3e-7);
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left_alone()
    {
        using var backend = Backend.Create(threads: 1);
        using Parameter p = OperationHarness.Parameter("p", [1, 2]);
        float* moments = stackalloc float[4];
        AdamW.Step(backend, p, moments, moments + 2, new AdamWSettings { WeightDecay = 1 }, 1);
        Assert.Equal([1f, 2f], p.Values.ToArray());
        Assert.Equal(0, p.Version);
    }

    private static void Walk(string trace, Func<int, string, double, (AdamWSettings Settings, float Scale)> settings)
    {
        Dictionary<string, float[]> inputs = Golden.Tensors("optim", "inputs.safetensors"), expected = Golden.Tensors("optim", $"trace_{trace}.safetensors");
        using var backend = Backend.Create(threads: 2);
        var parameters = new List<Parameter>();
        var moments = new Dictionary<string, (float[] M, float[] V)>();
        foreach (string name in Names)
        {
            parameters.Add(OperationHarness.Parameter(name, inputs[$"init.{name}"]));
            moments[name] = (new float[parameters[^1].Length], new float[parameters[^1].Length]);
        }

        int compared = 0;
        for (int step = 1; step <= 30; step++)
        {
            foreach (Parameter p in parameters)
            {
                float* gradient = p.GradientForWriting(out _);
                inputs[$"grad.{step - 1}.{p.Name}"].CopyTo(new Span<float>(gradient, (int)p.Length));
            }

            double norm = GradientNorm.Global(backend, parameters);
            foreach (Parameter p in parameters)
            {
                (AdamWSettings rates, float scale) = settings(step, p.Name, norm);
                (float[] m, float[] v) = moments[p.Name];
                fixed (float* pm = m, pv = v) AdamW.Step(backend, p, pm, pv, rates, scale);
                if (!expected.TryGetValue($"step{step}.{p.Name}", out float[]? reference)) continue;
                compared++;
                GradientCheck.Close($"{trace} step {step} {p.Name}", p.Values, reference.Double(), 1e-7 + (step * 6e-8)); // half a unit in the last place per step
            }
        }

        Assert.True(compared >= 16);
        foreach (Parameter p in parameters)
        {
            if (expected.TryGetValue($"state.exp_avg.{p.Name}", out float[]? m)) GradientCheck.Close("m", moments[p.Name].M, m.Double(), 1e-6);
            if (expected.TryGetValue($"state.exp_avg_sq.{p.Name}", out float[]? v)) GradientCheck.Close("v", moments[p.Name].V, v.Double(), 1e-6);
            p.Dispose();
        }
    }
}

using System.Text.Json;

namespace Atenea.Tensors.Tests;

public sealed class AdamWTests
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
            using DeviceArray m = new(length), v = new(length);
            for (int step = 1; step <= 3; step++)
            {
                OperationHarness.SetGradient(tape.Backend, p, gradient);
                AdamW.Step(tape.Backend, p, m, v, new AdamWSettings { WeightDecay = 0.01, Step = step }, 0.5f);
            }

            Assert.Equal(before + 3, p.Version);
            return [p.ToArray(), Read(m), Read(v)];
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
                expected[i] -= 1e-3 / (
                    1 - Math.Pow(0.9, step)) * first[i] / ((Math.Sqrt(second[i]) / Math.Sqrt(1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        GradientCheck.Close("p", updated, expected, 3e-7);
    }

    [Fact]
    public void A_parameter_without_a_gradient_is_left_alone()
    {
        using var backend = Backend.Create(threads: 1);
        using Parameter p = OperationHarness.Parameter("p", [1, 2]);
        using DeviceArray m = new(2), v = new(2);
        int before = p.Version;
        AdamW.Step(backend, p, m, v, new AdamWSettings { WeightDecay = 1 }, 1);
        Assert.Equal([1f, 2f], p.ToArray());
        Assert.Equal(before, p.Version);
    }

    private static void Walk(string trace, Func<int, string, double, (AdamWSettings Settings, float Scale)> settings)
    {
        Dictionary<string, float[]> inputs = Golden.Tensors("optim", "inputs.safetensors"), expected = Golden
            .Tensors("optim", $"trace_{trace}.safetensors");
        using var backend = Backend.Create(threads: 2);
        var parameters = new List<Parameter>();
        var moments = new Dictionary<string, (DeviceArray M, DeviceArray V)>();
        foreach (string name in Names)
        {
            parameters.Add(OperationHarness.Parameter(name, inputs[$"init.{name}"]));
            moments[name] = (new DeviceArray(parameters[^1].Length), new DeviceArray(parameters[^1].Length));
        }

        int compared = 0;
        for (int step = 1; step <= 30; step++)
        {
            foreach (Parameter p in parameters)
            {
                p.ZeroGradient();
                OperationHarness.SetGradient(backend, p, inputs[$"grad.{step - 1}.{p.Name}"]);
            }

            double norm = GradientNorm.Global(backend, parameters);
            foreach (Parameter p in parameters)
            {
                (AdamWSettings rates, float scale) = settings(step, p.Name, norm);
                (DeviceArray m, DeviceArray v) = moments[p.Name];
                AdamW.Step(backend, p, m, v, rates, scale);
                if (!expected.TryGetValue($"step{step}.{p.Name}", out float[]? reference)) continue;
                compared++;
                // half a unit in the last place per step
                GradientCheck.Close($"{trace} step {step} {p.Name}", p.ToArray(), reference.Double(), 1e-7 + (step * 6e-8));
            }
        }

        Assert.True(compared >= 16);
        foreach (Parameter p in parameters)
        {
            if (expected.TryGetValue($"state.exp_avg.{p.Name}", out float[]? m))
                GradientCheck.Close("m", Read(moments[p.Name].M), m.Double(), 1e-6);
            if (expected.TryGetValue($"state.exp_avg_sq.{p.Name}", out float[]? v))
                GradientCheck.Close("v", Read(moments[p.Name].V), v.Double(), 1e-6);
            p.Dispose();
            moments[p.Name].M.Dispose();
            moments[p.Name].V.Dispose();
        }
    }

    private static float[] Read(DeviceArray array)
    {
        var values = new float[array.Length];
        array.CopyTo(values);
        return values;
    }
}

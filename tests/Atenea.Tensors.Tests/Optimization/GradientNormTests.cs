using System.Text.Json;

namespace Atenea.Tensors.Tests;

public sealed unsafe class GradientNormTests
{
    [Fact]
    [Trait("Data", "Goldens")]
    public void Matches_the_reference_norms_non_finite_ones_included()
    {
        using JsonDocument cases = Golden.Json("optim", "clip.json");
        using var backend = Backend.Create(threads: 2);
        int compared = 0;
        foreach (JsonElement c in cases.RootElement.EnumerateArray())
        {
            if (c.GetProperty("norm_type").ValueKind != JsonValueKind.Number || c.GetProperty("norm_type").GetDouble() != 2) continue;
            if (c.GetProperty("dtype").GetString() == "float32") continue; // there the reference overflows; here it does not, see below
            List<Parameter> parameters = [.. c.GetProperty("grads").EnumerateArray().Select(
                (g, i) => WithGradient($"p{i}", [.. g.EnumerateArray().Select(Number).Select(v => (float)v)]))];
            double expected = Number(c.GetProperty("total_norm"));
            double actual = GradientNorm.Global(backend, parameters, out Parameter? nonFinite);
            if (double.IsFinite(expected))
            {
                Assert.Equal(expected, actual, 1e-7 * Math.Max(1, expected));
                Assert.Null(nonFinite);
            }
            else
            {
                Assert.False(double.IsFinite(actual));
                Assert.Equal("p0", nonFinite!.Name);
            }

            compared++;
            parameters.ForEach(p => p.Dispose());
        }

        Assert.True(compared >= 5);
    }

    [Fact]
    public void Is_the_same_for_any_number_of_threads_and_close_to_the_true_norm()
    {
        float[] large = RandomValues.Normal(200_003, 1), small = RandomValues.Normal(17, 2);
        var norms = new List<double>();
        foreach (int size in new[] { 1, 2, 3, 7 })
        {
            using var backend = Backend.Create(threads: size);
            using Parameter a = WithGradient("a", large), b = WithGradient("b", small), none = new("none", 5);
            norms.Add(GradientNorm.Global(backend, [a, none, b]));
        }

        Assert.Single(norms.Distinct());
        Assert.Equal(Math.Sqrt(large.Concat(small).Sum(v => (double)v * v)), norms[0], 1e-9);
    }

    [Fact]
    public void Neither_overflows_nor_underflows()
    {
        using var backend = Backend.Create(threads: 1);
        using Parameter huge =
            WithGradient("huge", [.. Enumerable.Repeat(3e38f, 100)]), tiny = WithGradient("tiny", [.. Enumerable.Repeat(1e-40f, 100)]);
        Assert.Equal(3e39, GradientNorm.Global(backend, [huge]), 1e33);
        Assert.Equal(1e-39, GradientNorm.Global(backend, [tiny]), 1e-44);
    }

    [Theory]
    [InlineData(0, float.NaN)]
    [InlineData(16, float.PositiveInfinity)]
    [InlineData(70_000, float.NegativeInfinity)]
    [InlineData(70_016, float.NaN)]
    public void Names_the_first_parameter_with_a_non_finite_gradient(int position, float value)
    {
        using var backend = Backend.Create(threads: 2);
        float[] bad = new float[70_017];
        bad[position] = value;
        using Parameter fine = WithGradient("fine", [1]), first = WithGradient("first", bad), second = WithGradient("second", [float.NaN]);
        Assert.False(double.IsFinite(GradientNorm.Global(backend, [fine, first, second], out Parameter? nonFinite)));
        Assert.Same(first, nonFinite);
    }

    private static Parameter WithGradient(string name, float[] gradient)
    {
        Parameter parameter = OperationHarness.Parameter(name, new float[gradient.Length]);
        using Backend backend = Backend.Create(threads: 1);
        OperationHarness.SetGradient(backend, parameter, gradient);
        return parameter;
    }

    private static double Number(JsonElement e) => e.ValueKind == JsonValueKind.Number ? e.GetDouble() : e.GetString() switch
    {
        "Infinity" => double.PositiveInfinity,
        "-Infinity" => double.NegativeInfinity,
        _ => double.NaN,
    };
}

using Atenea.Errors;
using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed class GatedActivationTests
{
    public static TheoryData<Activation, int, int> Cases()
    {
        var cases = new TheoryData<Activation, int, int>();
        foreach (Activation f in Enum.GetValues<Activation>())
        {
            foreach ((int rows, int half) in new[] { (1, 1), (3, 15), (2, 16), (5, 17), (22, 385) }) cases.Add(f, rows, half);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Matches_reference_and_finite_differences_on_every_path(Activation f, int rows, int half)
    {
        float[] x = RandomValues.Normal(rows * 2 * half, 1, 2);
        for (int i = 0; i < x.Length; i++) x[i] += x[i] < 0 ? -0.01f : 0.01f; // keeps finite differences off the kink of ReLU
        OperationHarness.CheckUnary(rows, 2 * half, x, (tape, input) => tape.GatedActivation(input, f),
            v => [.. v.Chunk(2 * half).SelectMany(row =>
                Enumerable.Range(0, half).Select(c => ExactActivation.Of(f, row[c]) * row[half + c]))]);
    }

    [Fact]
    public void A_gradient_that_is_there_is_added_to()
    {
        float[] x = RandomValues.Normal(3 * 40, 1);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        float[] once = Run(1), twice = Run(2);
        Assert.Equal(once.Select(g => g + g), twice);

        float[] Run(int times)
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor input = tape.Variable(x, 3, 40);
            for (int i = 0; i < times; i++) tape.SeedGradient(tape.GatedActivation(input, Activation.Silu), [.. Enumerable.Repeat(1f, 60)]);
            tape.Backward();
            return tape.GradientOf(input).ToArray();
        }
    }

    [Fact]
    public void Columns_without_two_halves_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<AteneaException>(() => tape.GatedActivation(tape.Input(new float[7], 1, 7), Activation.Gelu));
        Assert.Equal(Catalogue.ShapeMismatch, error.Code);
    }
}

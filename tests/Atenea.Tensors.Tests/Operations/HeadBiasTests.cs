using Atenea.Errors;

namespace Atenea.Tensors.Tests;

public sealed class HeadBiasTests
{
    [Fact]
    public void Lies_head_after_head_and_gives_its_gradient_to_both_parameters()
    {
        const int Heads = 3, Size = 5, Hidden = Heads * Size, Rows = 70, Inputs = 4;
        float[] q = RandomValues.Normal(Hidden, 1), v = RandomValues.Normal(Hidden, 2), x = RandomValues.Normal(Rows * Inputs, 3);
        float[] w = RandomValues.Normal(3 * Hidden * Inputs, 4), seed = RandomValues.Normal(Rows * 3 * Hidden, 5);
        float[][] results = EveryPath.SameBits(tape =>
        {
            using Parameter query = OperationHarness.Parameter("q", q), value = OperationHarness.Parameter("v", v);
            using Parameter weight = OperationHarness.Parameter("w", w, 3 * Hidden, Inputs);
            tape.Begin(TapeMode.Training);
            Tensor bias = tape.HeadBias(query, value, Heads);
            Tensor y = tape.Linear(tape.Input(x, Rows, Inputs), weight, bias);
            tape.SeedGradient(y, seed);
            tape.Backward();
            return [bias.ToArray(), y.ToArray(), query.GradientToArray(), value.GradientToArray(), weight.GradientToArray()];
        });
        for (int head = 0; head < Heads; head++)
        {
            for (int c = 0; c < Size; c++)
            {
                int from = (head * Size) + c, column = (3 * head * Size) + c;
                Assert.Equal([q[from], 0f, v[from]], [results[0][column], results[0][column + Size], results[0][column + (2 * Size)]]);
                Assert.Equal(Sum(column), results[2][from], 1e-4);
                Assert.Equal(Sum(column + (2 * Size)), results[3][from], 1e-4);
            }
        }

        double expected = results[0][7] + Enumerable.Range(0, Inputs).Sum(i => (double)x[(2 * Inputs) + i] * w[(7 * Inputs) + i]);
        Assert.Equal(expected, results[1][(2 * 3 * Hidden) + 7], 1e-5);

        double Sum(int column) => Enumerable.Range(0, Rows).Sum(row => (double)seed[(row * 3 * Hidden) + column]);
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var query = new Parameter("q", 6);
        using var value = new Parameter("v", 5);
        using var weight = new Parameter("w", 6, 2);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.HeadBias(query, value, 2)).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.HeadBias(query, query, 4)).Code.Id);
        Tensor bias = tape.HeadBias(query, query, 2);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.Linear(tape.Input(new float[2], 1, 2), weight, bias)).Code.Id);
    }
}

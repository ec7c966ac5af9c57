using Atenea.Errors;

namespace Atenea.Tensors.Tests;

public sealed class UnfoldTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 5)]
    [InlineData(5, 17)]
    public void Puts_neighbours_of_the_same_sequence_side_by_side(int kernel, int columns)
    {
        int[] offsets = [0, 1, 1, 40, 43];
        OperationHarness.CheckUnary(43, columns, RandomValues.Normal(43 * columns, 1), (tape, x) => tape.Unfold(x, offsets, kernel),
            x => Reference(x, offsets, kernel, columns));
    }

    [Fact]
    public void Adds_to_a_gradient_that_is_already_there() =>
        OperationHarness.CheckUnary(6, 2, RandomValues.Normal(12, 1),
            (tape, x) => tape.Add(tape.Unfold(x, [0, 2, 6], 3), tape.Unfold(x, [0, 4, 6], 3)),
            x => [.. Reference(x, [0, 2, 6], 3, 2).Zip(Reference(x, [0, 4, 6], 3, 2), (a, b) => a + b)]);

    [Fact]
    public void With_a_linear_layer_it_is_a_convolution()
    {
        // weight [out, in, k] as PyTorch lays it out.
        const int Inputs = 3, Outputs = 2, Kernel = 3, Tokens = 5;
        float[] x = RandomValues.Normal(Tokens * Inputs, 1), w = RandomValues.Normal(Outputs * Inputs * Kernel, 2);
        using Parameter weight = OperationHarness.Parameter("conv.weight", w, Outputs, Inputs, Kernel);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor y = tape.Linear(tape.Unfold(tape.Input(x, Tokens, Inputs), [0, Tokens], Kernel), weight, (Parameter?)null);
        for (int i = 0; i < Tokens; i++)
        {
            for (int o = 0; o < Outputs; o++)
            {
                double sum = 0;
                for (int c = 0; c < Inputs; c++)
                {
                    for (int t = 0; t < Kernel; t++)
                    {
                        int row = i + t - 1;
                        if (row is >= 0 and < Tokens) sum += (double)x[(row * Inputs) + c] * w[(((o * Inputs) + c) * Kernel) + t];
                    }
                }

                Assert.Equal(sum, y.Read().Row(i)[o], 1e-5);
            }
        }
    }

    [Fact]
    public void Bad_offsets_and_even_kernels_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[6], 3, 2);
        Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.Unfold(x, [0, 2], 3)).Code.Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.Unfold(x, [0, 3], 2));
    }

    private static double[] Reference(double[] x, int[] offsets, int kernel, int columns)
    {
        var y = new double[x.Length * kernel];
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            for (int i = offsets[s]; i < offsets[s + 1]; i++)
            {
                for (int t = 0; t < kernel; t++)
                {
                    int row = i + t - (kernel / 2);
                    if (row < offsets[s] || row >= offsets[s + 1]) continue;
                    for (int c = 0; c < columns; c++) y[(((i * columns) + c) * kernel) + t] = x[(row * columns) + c];
                }
            }
        }

        return y;
    }
}

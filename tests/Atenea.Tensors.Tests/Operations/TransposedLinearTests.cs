using Atenea.Errors;

namespace Atenea.Tensors.Tests;

/// <summary>A transposed linear layer is the linear layer of the transposed weight, whose own tests are against float64.</summary>
public sealed class TransposedLinearTests
{
    [Theory]
    [InlineData(7, 19, 35, Activation.None)]
    [InlineData(3, 500, 40, Activation.GeluTanh)]
    [InlineData(70, 33, 97, Activation.Gelu)]
    public void Is_the_linear_layer_of_the_transposed_weight_to_the_bit_on_every_path(int rows, int inputs, int outputs,
        Activation activation)
    {
        float[] x = RandomFloats.Uniform(rows * inputs, 1), w = RandomFloats.Uniform(outputs * inputs, 2, 0.4f), b = RandomFloats
            .Uniform(outputs, 3);
        float[] seed = RandomFloats.Uniform(rows * outputs, 4);
        float[] wt = Transpose(w, outputs, inputs);
        float[][] plain = EveryPath.SameBits(tape => Run(tape, w, transposed: false)), stored = EveryPath
            .SameBits(tape => Run(tape, wt, transposed: true));
        stored[2] = Transpose(stored[2], inputs, outputs);
        string[] names = ["y", "dx", "dw", "db"];
        for (int i = 0; i < names.Length; i++) EveryPath.AssertSame(plain[i], stored[i], names[i]);

        float[][] Run(Tape tape, float[] values, bool transposed)
        {
            using Parameter weight = OperationHarness.Parameter("w", values, transposed ? inputs : outputs, transposed ? outputs : inputs);
            using Parameter bias = OperationHarness.Parameter("b", b);
            tape.Begin(TapeMode.Training);
            Tensor input = tape.Variable(x, rows, inputs);
            Tensor y = transposed ? tape.TransposedLinear(input, weight, bias, activation) : tape.Linear(input, weight, bias, activation);
            tape.SeedGradient(y, seed);
            tape.Backward();
            return [y.ToArray(), tape.GradientOf(input).ToArray(), weight.GradientToArray(), bias.GradientToArray()];
        }
    }

    [Fact]
    public void A_changed_weight_is_packed_again_and_wrong_shapes_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter weight = OperationHarness.Parameter("h.0.attn.c_attn.weight", [1, 2, 3, 4, 5, 6], 2, 3);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input([1, 10], 1, 2);
        Assert.Equal([41, 52, 63], tape.TransposedLinear(x, weight, null).ToArray());
        weight.CopyFrom([.. Enumerable.Repeat(1f, (int)weight.Length)]);
        Assert.Equal([11, 11, 11], tape.TransposedLinear(x, weight, null).ToArray());
        var error = Assert.Throws<AteneaException>(() => tape.TransposedLinear(tape.Input(new float[3], 1, 3), weight, null));
        Assert.Equal(Catalogue.ShapeMismatch, error.Code);
        Assert.Contains("c_attn", error.Message, StringComparison.Ordinal);
    }

    private static float[] Transpose(float[] matrix, int rows, int columns)
    {
        float[] result = new float[matrix.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++) result[(j * rows) + i] = matrix[(i * columns) + j];
        }

        return result;
    }
}

using Atenea.Errors;
using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public class LinearTests
{
    [Theory]
    [InlineData(Activation.None)]
    [InlineData(Activation.Gelu)]
    [InlineData(Activation.GeluTanh)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Silu)]
    [InlineData(Activation.Tanh)]
    public void Gradients_agree_with_finite_differences_in_float64(Activation activation)
    {
        const int Rows = 7, In = 19, Out = 35;
        float[] x = RandomFloats.Uniform(Rows * In, 1), w = RandomFloats.Uniform(Out * In, 2, 0.4f), b = RandomFloats.Uniform(Out, 3);
        float[] up = RandomFloats.Uniform(Rows * Out, 4);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using Parameter weight = Filled("w", w, Out, In), bias = Filled("b", b, Out);
        tape.Begin(TapeMode.Evaluation);
        Tensor input = tape.Variable(x, Rows, In);
        Tensor y = tape.Linear(input, weight, bias, activation);
        tape.SeedGradient(y, up);
        tape.Backward();

        double Value(double[] px, double[] pw, double[] pb)
        {
            double sum = 0;
            for (int i = 0; i < Rows; i++)
            {
                for (int o = 0; o < Out; o++)
                {
                    double s = pb[o];
                    for (int k = 0; k < In; k++) s += px[(i * In) + k] * pw[(o * In) + k];
                    sum += ExactActivation.Of(activation, s) * up[(i * Out) + o];
                }
            }

            return sum;
        }

        double[] dx = Widen(x), dw = Widen(w), db = Widen(b);
        AssertGradient(dx, i => Value(dx, dw, db), tape.GradientOf(input));
        AssertGradient(dw, i => Value(dx, dw, db), weight.GradientToArray());
        AssertGradient(db, i => Value(dx, dw, db), bias.GradientToArray());
    }

    [Fact]
    public void Three_layers_side_by_side_are_the_three_layers()
    {
        const int Rows = 9, In = 40, Out = 36;
        float[] x = RandomFloats.Uniform(Rows * In, 1);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        Parameter[] weights = [.. Enumerable.Range(0, 3).Select(i => Filled($"w{i}", RandomFloats.Uniform(Out * In, 10 + i), Out, In))];
        Parameter[] biases = [.. Enumerable.Range(0, 3).Select(i => Filled($"b{i}", RandomFloats.Uniform(Out, 20 + i), Out))];
        float[] up = RandomFloats.Uniform(Rows * 3 * Out, 5);

        tape.Begin(TapeMode.Evaluation);
        Tensor input = tape.Variable(x, Rows, In);
        Tensor together = tape.Linear(input, weights, biases);
        tape.SeedGradient(together, up);
        tape.Backward();
        float[] value = together.ToArray(), dx = tape.GradientOf(input).ToArray();
        float[][] dw = [.. weights.Select(w => w.GradientToArray())], db = [.. biases.Select(b => b.GradientToArray())];

        foreach (Parameter p in weights.Concat(biases)) p.ZeroGradient();
        tape.Begin(TapeMode.Evaluation);
        input = tape.Variable(x, Rows, In);
        Tensor[] apart = new Tensor[3];
        for (int i = 0; i < 3; i++)
        {
            apart[i] = tape.Linear(input, weights[i], biases[i]);
            tape.SeedGradient(apart[i], Columns(up, Rows, 3 * Out, i * Out, Out));
        }

        tape.Backward();
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal(Columns(value, Rows, 3 * Out, i * Out, Out), apart[i].ToArray());
            Assert.Equal(dw[i], weights[i].GradientToArray());
            Assert.Equal(db[i], biases[i].GradientToArray());
        }

        ReadOnlySpan<float> sum = tape.GradientOf(input);
        for (int i = 0; i < dx.Length; i++) Assert.Equal(dx[i], sum[i], 1e-4f); // The shares are added in another order.
        foreach (Parameter p in weights.Concat(biases)) p.Dispose();
    }

    [Fact]
    public void Results_and_gradients_have_the_same_bits_on_every_path()
    {
        const int Rows = 61, In = 100, Out = 75;
        float[] x = RandomFloats.Uniform(Rows * In, 1), up = RandomFloats.Uniform(Rows * Out, 4);
        EveryPath.SameBits(tape =>
        {
            using Parameter weight = Filled("w", RandomFloats.Uniform(Out * In, 2), Out, In);
            using Parameter bias = Filled("b", RandomFloats.Uniform(Out, 3), Out);
            tape.Begin(TapeMode.Training);
            Tensor input = tape.Variable(x, Rows, In);
            Tensor y = tape.Linear(input, weight, bias, Activation.Gelu);
            tape.SeedGradient(y, up);
            tape.Backward();
            return [y.ToArray(), tape.GradientOf(input).ToArray(), weight.GradientToArray(), bias.GradientToArray()];
        });
    }

    [Fact]
    public void Gradients_of_two_uses_add_up_and_frozen_weights_get_none()
    {
        const int Rows = 3, Size = 16;
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter weight = Filled("w", RandomFloats.Uniform(Size * Size, 2), Size, Size);
        using Parameter frozen = Filled("f", RandomFloats.Uniform(Size * Size, 3), Size, Size);
        frozen.RequiresGradient = false;
        float[] x = RandomFloats.Uniform(Rows * Size, 1), up = RandomFloats.Uniform(Rows * Size, 4);
        float[] Once()
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor y = tape.Linear(tape.Linear(tape.Input(x, Rows, Size), frozen, null), weight, null);
            tape.SeedGradient(y, up);
            tape.Backward();
            return weight.GradientToArray();
        }

        float[] one = Once();
        float[] two = Once(); // Not zeroed in between: it accumulates.
        for (int i = 0; i < one.Length; i++) Assert.Equal(2 * one[i], two[i]);
        Assert.False(frozen.HasGradient);
    }

    [Fact]
    public void A_changed_weight_is_packed_again()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter weight = Filled("w", [1f], 1, 1);
        tape.Begin(TapeMode.Inference);
        Assert.Equal(3f, tape.Linear(tape.Input([3f], 1, 1), weight, null).ToArray()[0]);
        weight.CopyFrom([2f]);
        tape.Begin(TapeMode.Inference);
        Assert.Equal(6f, tape.Linear(tape.Input([3f], 1, 1), weight, null).ToArray()[0]);
    }

    [Fact]
    public void A_weight_of_the_wrong_width_is_refused_by_name()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using Parameter weight = Filled("encoder.weight", new float[6], 2, 3);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<AteneaException>(() => tape.Linear(tape.Input(new float[4], 1, 4), weight, null));
        Assert.Equal("ATN0602", error.Code.Id);
        Assert.Contains("encoder.weight", error.Message, StringComparison.Ordinal);
    }

    private static Parameter Filled(string name, float[] values, params int[] shape)
    {
        var parameter = new Parameter(name, shape);
        parameter.CopyFrom(values);
        return parameter;
    }

    private static double[] Widen(float[] values) => Array.ConvertAll(values, v => (double)v);

    private static float[] Columns(float[] matrix, int rows, int stride, int first, int count) =>
        [.. Enumerable.Range(0, rows).SelectMany(i => matrix.Skip((i * stride) + first).Take(count))];

    private static void AssertGradient(double[] at, Func<int, double> value, ReadOnlySpan<float> gradient)
    {
        const double Step = 1e-5;
        Assert.Equal(at.Length, gradient.Length);
        for (int i = 0; i < at.Length; i++)
        {
            double kept = at[i];
            at[i] = kept + Step;
            double above = value(i);
            at[i] = kept - Step;
            double below = value(i);
            at[i] = kept;
            Assert.Equal((above - below) / (2 * Step), gradient[i], 2e-5 * Math.Max(1, Math.Abs(gradient[i])));
        }
    }
}

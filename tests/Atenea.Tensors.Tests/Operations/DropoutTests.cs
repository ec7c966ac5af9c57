using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed class DropoutTests
{
    [Theory]
    [InlineData(1, 1, 0.5f)]
    [InlineData(5, 17, 0.1f)]
    [InlineData(22, 770, 0.3f)]
    public void Multiplies_by_the_mask_forward_and_backward(int rows, int columns, float p)
    {
        float[] mask = ReferencePhilox.Mask(3, 4, 0, p, rows * columns);
        float[] x = RandomValues.Normal(rows * columns, 1);
        OperationHarness.CheckUnary(rows, columns, x, (tape, input) => tape.Dropout(input, p), v => [.. v.Select((e, i) => e * mask[i])]);
    }

    [Fact]
    public void Sites_of_a_step_differ_and_a_step_repeats()
    {
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[] ones = [.. Enumerable.Repeat(1f, 4096)];
        (float[] first, float[] second) = Run();
        Assert.NotEqual(first, second);
        (float[] again, _) = Run();
        Assert.Equal(first, again);

        (float[] First, float[] Second) Run()
        {
            tape.Begin(TapeMode.Training, seed: 11, step: 2);
            Tensor x = tape.Input(ones, 4, 1024);
            return (tape.Dropout(x, 0.5f).ToArray(), tape.Dropout(x, 0.5f).ToArray());
        }
    }

    [Theory]
    [InlineData(TapeMode.Inference, 0.5f)]
    [InlineData(TapeMode.Evaluation, 0.5f)]
    [InlineData(TapeMode.Training, 0f)]
    public void Is_the_tensor_itself_where_nothing_drops(TapeMode mode, float p)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(mode);
        Tensor x = tape.Variable([1, 2, 3], 1, 3);
        Assert.Equal(x, tape.Dropout(x, p));
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void Probabilities_outside_the_range_are_refused(float p)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Training);
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.Dropout(tape.Variable([1], 1, 1), p));
    }
}

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed class ConcatenateTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(5, 17, 3)]
    [InlineData(70, 64, 192)]
    [InlineData(3, 768, 256)]
    public void Columns_lie_side_by_side_and_each_part_gets_its_gradient(int rows, int columns, int others)
    {
        float[] x = RandomValues.Normal(rows * columns, 1), other = RandomValues.Normal(rows * others, 2);
        OperationHarness.CheckUnary(rows, columns, x,
            (tape, input) => tape.Concatenate(tape.Input(other, rows, others), input),
            v => Join(rows, other.Double(), v));
    }

    [Fact]
    public void A_part_that_is_used_twice_gets_the_sum_of_its_gradients()
    {
        OperationHarness.CheckUnary(4, 6, RandomValues.Normal(24, 1),
            (tape, x) => tape.Add(tape.Concatenate(x, x), tape.Concatenate(tape.Activate(x, Activation.Tanh), x)),
            v => Join(4, [.. v.Select(e => e + Math.Tanh(e))], [.. v.Select(e => 2 * e)]));
    }

    [Fact]
    public void Parts_of_other_rows_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<Errors.AteneaException>(
            () => tape.Concatenate(tape.Input(new float[6], 2, 3), tape.Input(new float[3], 1, 3)));
        Assert.Equal("ATN0602", error.Code.Id);
    }

    private static double[] Join(int rows, double[] first, double[] second)
    {
        int one = first.Length / rows, two = second.Length / rows;
        IEnumerable<double> Row(int row) => first.Skip(row * one).Take(one).Concat(second.Skip(row * two).Take(two));
        return [.. Enumerable.Range(0, rows).SelectMany(Row)];
    }
}

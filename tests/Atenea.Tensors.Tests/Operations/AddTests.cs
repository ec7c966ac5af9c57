using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed class AddTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 17)]
    [InlineData(22, 770)]
    public void Adds_and_shares_the_gradient(int rows, int columns)
    {
        float[] x = RandomValues.Normal(rows * columns, 1), other = RandomValues.Normal(rows * columns, 2);
        OperationHarness.CheckUnary(rows, columns, x, (tape, input) => tape.Add(tape.Input(other, rows, columns), input),
            v => [.. v.Select((e, i) => e + other[i])]);
    }

    [Fact]
    public void A_tensor_added_to_itself_gets_both_shares()
    {
        OperationHarness.CheckUnary(3, 5, RandomValues.Normal(15, 1), (tape, x) => tape.Add(x, x), v => [.. v.Select(e => 2 * e)]);
    }

    [Fact]
    public void Gradients_of_several_uses_accumulate()
    {
        OperationHarness.CheckUnary(3, 21, RandomValues.Normal(63, 1),
            (tape, x) => tape.Add(tape.Activate(x, Activation.Gelu), tape.Add(x, tape.Activate(x, Activation.Tanh))),
            v => [.. v.Select(e => ExactActivation.Of(Activation.Gelu, e) + e + Math.Tanh(e))]);
    }

    [Fact]
    public void Different_shapes_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<Errors.AteneaException>(() => tape.Add(tape.Input(new float[6], 2, 3), tape.Input(new float[6], 3, 2)));
        Assert.Equal("ATN0602", error.Code.Id);
    }
}

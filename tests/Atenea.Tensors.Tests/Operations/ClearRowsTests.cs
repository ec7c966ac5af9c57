using Atenea.Errors;

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed class ClearRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(33)]
    public void Rows_become_zeros_and_get_no_gradient(int columns) => OperationHarness.CheckUnary(
        9, columns, RandomValues.Normal(9 * columns, 1), (tape, x) => tape.ClearRows(x, [0, 5, 8]),
        v => [.. v.Select((value, i) => i / columns is 0 or 5 or 8 ? 0 : value)]);

    [Fact]
    public void A_row_outside_is_refused()
    {
        using var team = new WorkerTeam(1);
        using var tape = new Tape(team);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[4], 2, 2);
        Assert.Equal(Catalogue.IdOutOfRange, Assert.Throws<AteneaException>(() => tape.ClearRows(x, [2])).Code);
    }
}

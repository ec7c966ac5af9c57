namespace Atenea.Tensors.Tests;

public sealed class SelectRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(768)]
    public void Gathers_rows_and_scatters_their_gradient(int columns)
    {
        int[] rows = [4, 0, 4, 2, 9, 4];
        OperationHarness.CheckUnary(10, columns, RandomValues.Normal(10 * columns, 1), (tape, x) => tape.SelectRows(x, rows),
            v => [.. rows.SelectMany(r => v.Skip(r * columns).Take(columns))]);
    }

    [Fact]
    public void Adds_to_a_gradient_that_is_already_there()
    {
        OperationHarness.CheckUnary(4, 3, RandomValues.Normal(12, 1), (tape, x) => tape.Add(x, tape.SelectRows(x, [3, 3, 0, 1])),
            v => [.. v.Select((e, i) => e + v[(new[] { 3, 3, 0, 1 }[i / 3] * 3) + (i % 3)])]);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Rows_outside_are_refused(int row)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<Errors.AteneaException>(() => tape.SelectRows(tape.Input(new float[6], 2, 3), [0, row]));
        Assert.Equal("ATN0603", error.Code.Id);
        Assert.Contains("position 1", error.Message, StringComparison.Ordinal);
    }
}

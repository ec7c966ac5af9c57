namespace Atenea.Tensors.Tests;

public sealed class NormaliseRowsTests
{
    [Theory]
    [InlineData(3, 2)]
    [InlineData(5, 17)]
    [InlineData(50, 384)]
    public void Matches_reference_and_finite_differences_on_every_path(int rows, int columns) => OperationHarness.CheckUnary(
        rows, columns, RandomValues.Normal(rows * columns, 1), (tape, x) => tape.NormaliseRows(x),
        v => ReferenceOperations.NormaliseRows(v, columns));

    [Fact]
    public void A_row_of_zeros_stays_one()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([0, 0, 3, 4], 2, 2);
        Tensor y = tape.NormaliseRows(x, 0.5f);
        tape.SeedGradient(y, [1, 2, 0, 0]);
        tape.Backward();
        Assert.Equal([0, 0, 0.6f, 0.8f], y.ToArray());
        Assert.Equal([2, 4, 0, 0], tape.GradientOf(x).ToArray());
    }
}

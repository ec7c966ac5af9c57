using Atenea.Errors;

namespace Atenea.Tensors.Tests;

public sealed class PoolingTests
{
    private static readonly int[] Offsets = [0, 3, 4, 4, 74];

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(270)]
    public void Mean_matches_reference_and_finite_differences_on_every_path(int columns) => OperationHarness.CheckUnary(
        74, columns, RandomValues.Normal(74 * columns, 1), (tape, x) => tape.MeanPool(x, Offsets),
        v => ReferenceOperations.Pool(v, Offsets, columns, column => column.Length == 0 ? 0 : column.Average()));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(270)]
    public void Sum_over_root_matches_reference_and_finite_differences_on_every_path(int columns) => OperationHarness.CheckUnary(
        74, columns, RandomValues.Normal(74 * columns, 2), (tape, x) => tape.SumOverRootPool(x, Offsets),
        v => ReferenceOperations.Pool(v, Offsets, columns, column => column.Length == 0 ? 0 : column.Sum() / Math.Sqrt(column.Length)));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(270)]
    public void Weighted_mean_matches_reference_and_finite_differences_on_every_path(int columns) => OperationHarness.CheckUnary(
        74, columns, RandomValues.Normal(74 * columns, 3), (tape, x) => tape.RampMeanPool(x, Offsets),
        v => ReferenceOperations.Pool(v, Offsets, columns, column => column.Length == 0 ? 0
            : column.Select((value, i) => value * (i + 1)).Sum() / Enumerable.Range(1, column.Length).Sum()));

    [Theory]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(270)]
    public void Maximum_matches_reference_and_finite_differences_on_every_path(int columns)
    {
        // No two values closer than the step of the finite differences.
        int[] order = Enumerable.Range(0, 74 * columns).ToArray();
        new Random(1).Shuffle(order);
        OperationHarness.CheckUnary(
            74, columns, [.. order.Select(i => (i * 0.01f) - 5f)], (tape, x) => tape.MaxPool(x, Offsets),
            v => ReferenceOperations.Pool(v, Offsets, columns, column => column.Length == 0 ? 0 : column.Max()));
    }

    [Fact]
    public void The_first_of_equals_gets_the_gradient_and_gradients_add_up()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1, 2, 2, 2, 1, 0], 3, 2);
        tape.SeedGradient(tape.MaxPool(x, [0, 3]), [5, 7]);
        tape.SeedGradient(tape.MeanPool(x, [0, 3]), [3, 6]);
        tape.Backward();
        Assert.Equal([1, 9, 6, 2, 1, 2], tape.GradientOf(x).ToArray());
    }

    [Fact]
    public void Offsets_that_do_not_cover_the_rows_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[8], 4, 2);
        Assert.Equal(Catalogue.ShapeMismatch, Assert.Throws<AteneaException>(() => tape.MeanPool(x, [0, 3])).Code);
        Assert.Equal(Catalogue.ShapeMismatch, Assert.Throws<AteneaException>(() => tape.MaxPool(x, [0, 3, 2, 4])).Code);
    }
}

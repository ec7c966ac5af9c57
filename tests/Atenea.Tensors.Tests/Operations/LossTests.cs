namespace Atenea.Tensors.Tests;

public sealed class LossTests
{
    [Theory]
    [InlineData(1, 1, 0f)]
    [InlineData(5, 2, 0f)]
    [InlineData(7, 15, 0.1f)]
    [InlineData(7, 16, 0f)]
    [InlineData(9, 17, 0.3f)]
    [InlineData(3, 770, 0.1f)]
    [InlineData(5, 30522, 0f)]
    [InlineData(2100, 6, 0.1f)]
    public void Cross_entropy_matches_reference_and_finite_differences(int rows, int classes, float smoothing)
    {
        float[] logits = RandomValues.Normal(rows * classes, 1, 3);
        int[] labels = RandomValues.Ids(rows, classes, 2);
        for (int i = 2; i < rows; i += 4) labels[i] = -100;
        Check(rows, classes, logits, (tape, x) => tape.CrossEntropy(x, labels, -100, smoothing), labels.Count(l => l >= 0),
            v => ReferenceOperations.CrossEntropy(v, labels, -100, smoothing), wholeReferenceIsCheap: rows * classes < 5000);
    }

    [Theory]
    [InlineData(1, 0, 0f)]
    [InlineData(2, 1, 0f)]
    [InlineData(3, 1, 0.1f)]
    public void Position_cross_entropy_matches_reference_and_finite_differences(int columns, int column, float smoothing)
    {
        int[] offsets = [0, 5, 6, 40, 60], positions = [4, 0, -1, 21];
        int rows = offsets[^1];
        Check(rows, columns, RandomValues.Normal(rows * columns, 4, 3),
            (tape, x) => tape.PositionCrossEntropy(x, column, offsets, positions, smoothing), 2, v =>
        {
            double sum = 0;
            foreach (int s in (int[])[0, 1]) // The other two positions lie outside of their sequences.
            {
                double[] row =
                    [.. Enumerable.Range(offsets[s], offsets[s + 1] - offsets[s]).Select(token => v[(token * columns) + column])];
                sum += ReferenceOperations.CrossEntropy(row, [positions[s]], -100, smoothing);
            }

            return sum;
        }, wholeReferenceIsCheap: true);
    }

    [Fact]
    public void Position_cross_entropy_refuses_what_does_not_fit()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[8], 4, 2);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.PositionCrossEntropy(x, 0, [0, 4], [1, 2])).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.PositionCrossEntropy(x, 0, [0, 3], [1])).Code.Id);
        Assert.Throws<ArgumentOutOfRangeException>(() => tape.PositionCrossEntropy(x, 2, [0, 4], [1]));
    }

    [Fact]
    public void Losses_of_two_shapes_of_one_tensor_add_their_gradients()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1, 2, 3, 4], 2, 2);
        tape.SeedLoss(tape.PositionCrossEntropy(x, 0, [0, 2], [0]), 1);
        tape.SeedLoss(tape.MeanSquaredError(x.Reshape(1, 4), [0, 0, 0, 0]), 0.5f);
        tape.Backward();
        double p = 1 / (1 + Math.Exp(-2)); // of the second row, in column 0
        float[] expected = [(float)(1 - p) - 1 + 1, 2, (float)p + 3, 4];
        float[] found = tape.GradientOf(x).ToArray();
        for (int i = 0; i < 4; i++) Assert.Equal(expected[i], found[i], 1e-6f);
        Assert.Throws<ArgumentException>(() => x.Reshape(3, 1));
    }

    [Fact]
    public void Cross_entropy_of_extreme_logits_is_finite()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1000f, 0f, -1000f, 88f, 89f, -3e38f], 2, 3);
        Loss loss = tape.CrossEntropy(x, [1, 2]);
        Assert.Equal(1000 + 3e38 + 89, loss.Sum, 1e32);
        tape.Backward(loss, 1);
        Assert.All(tape.GradientOf(x).ToArray(), g => Assert.True(float.IsFinite(g)));
    }

    [Fact]
    public void Only_ignored_labels_give_count_zero_and_no_gradient()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1, 2, 3, 4], 2, 2);
        Loss loss = tape.CrossEntropy(x, [7, 7], ignoreIndex: 7);
        Assert.Equal(0, loss.Count);
        Assert.Equal(0, loss.Sum);
        Assert.True(double.IsNaN(loss.Mean));
        tape.Backward(loss, 1);
        Assert.Equal([0f, 0f, 0f, 0f], tape.GradientOf(x).ToArray());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Non_finite_logits_show_in_the_loss(float bad)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Assert.False(double.IsFinite(tape.CrossEntropy(tape.Input([1, bad, 2, 3], 2, 2), [0, 0]).Sum));
        Assert.False(double.IsFinite(tape.BinaryCrossEntropyWithLogits(tape.Input([1, bad], 1, 2), [0, 0]).Sum));
        Assert.False(double.IsFinite(tape.MeanSquaredError(tape.Input([1, bad], 1, 2), [0, 0]).Sum));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void Labels_that_are_no_class_are_refused(int label)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[6], 2, 3);
        Assert.Equal("ATN0603", Assert.Throws<Errors.AteneaException>(() => tape.CrossEntropy(x, [0, label])).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.CrossEntropy(x, [0])).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.MeanSquaredError(x, [0])).Code.Id);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.BinaryCrossEntropyWithLogits(x, [0])).Code.Id);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 17)]
    [InlineData(40, 770)]
    public void Binary_cross_entropy_matches_reference_and_finite_differences(int rows, int columns)
    {
        float[] logits =
            RandomValues.Normal(rows * columns, 1, 3), targets = [.. RandomValues.Ids(rows * columns, 11, 2).Select(v => v / 10f)];
        Check(rows, columns, logits, (tape, x) => tape.BinaryCrossEntropyWithLogits(x, targets), rows * columns,
            v => ReferenceOperations.BinaryCrossEntropy(v, targets), wholeReferenceIsCheap: rows < 10);
    }

    [Fact]
    public void Binary_cross_entropy_keeps_the_digits_of_a_confident_answer()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Assert.Equal(Math.Exp(-20), tape.BinaryCrossEntropyWithLogits(tape.Input([20f], 1, 1), [1]).Sum, 1e-14);
        Assert.Equal(1000, tape.BinaryCrossEntropyWithLogits(tape.Input([1000f], 1, 1), [0]).Sum, 1e-6);
        Assert.Equal(1000, tape.BinaryCrossEntropyWithLogits(tape.Input([-1000f], 1, 1), [1]).Sum, 1e-6);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(5, 17)]
    [InlineData(40, 770)]
    public void Squared_error_matches_reference_and_finite_differences(int rows, int columns)
    {
        float[] x = RandomValues.Normal(rows * columns, 1, 3), targets = RandomValues.Normal(rows * columns, 2);
        Check(rows, columns, x, (tape, input) => tape.MeanSquaredError(input, targets), rows * columns,
            v => ReferenceOperations.SquaredError(v, targets), wholeReferenceIsCheap: rows < 10);
    }

    [Fact]
    public void Two_losses_of_one_tensor_add_their_gradients()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable([1f, 2f], 1, 2);
        Loss a = tape.MeanSquaredError(x, [0, 0]), b = tape.MeanSquaredError(x, [3, 3]);
        tape.Backward(a, 1);
        tape.Backward(b, 0.5f);
        Assert.Equal([2f - 2f, 4f - 1f], tape.GradientOf(x).ToArray());
    }

    private static void Check(int rows, int columns, float[] x, Func<Tape, Tensor, Loss> operation, long count, Func<double[],
        double> reference, bool wholeReferenceIsCheap)
    {
        const float Scale = 0.25f;
        double[] sums = [];
        float[] gradient = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Inference);
            double inference = operation(tape, tape.Input(x, rows, columns)).Sum;
            tape.Begin(TapeMode.Evaluation);
            Tensor input = tape.Variable(x, rows, columns);
            Loss loss = operation(tape, input);
            Assert.Equal(count, loss.Count);
            Assert.Equal(inference, loss.Sum);
            sums = [.. sums, loss.Sum];
            tape.Backward(loss, Scale);
            return [tape.GradientOf(input).ToArray()];
        })[0];
        Assert.Single(sums.SkipLast(1).Distinct()); // the last one is the reference's
        double expected = reference(x.Double());
        Assert.Equal(expected, sums[^1], Math.Max(1e-7, 1e-7 * Math.Abs(expected)));
        Assert.Equal(expected, sums[0], Math.Max(1e-6, 1e-6 * Math.Abs(expected)));
        if (wholeReferenceIsCheap) GradientCheck.Matches("gradient", gradient, x.Double(), v => Scale * reference(v));
        Assert.All(gradient, g => Assert.True(float.IsFinite(g)));
    }
}

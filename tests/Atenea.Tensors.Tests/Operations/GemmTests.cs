namespace Atenea.Tensors.Tests;

public class GemmTests
{
    // All tile tails (rows 12, 8, 4, 2, 1; partial panels of every width) and more than one block of the inner dimension.
    public static TheoryData<int, int, int> Sizes => new()
    {
        { 1, 1, 1 }, { 1, 5, 3 }, { 2, 7, 8 }, { 3, 16, 17 }, { 11, 33, 31 }, { 12, 64, 32 }, { 13, 383, 33 }, { 23, 384, 47 },
        { 25, 385, 48 }, { 50, 768, 65 }, { 97, 769, 16 }, { 200, 20, 130 }, { 5, 1153, 96 },
    };

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Product_is_near_the_exact_one_and_has_the_same_bits_on_every_path(int rows, int depth, int columns)
    {
        float[] a = RandomFloats.Uniform(rows * depth, 1);
        float[] b = RandomFloats.Uniform(depth * columns, 2);
        float[] c = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Inference);
            return [tape.Multiply(tape.Input(a, rows, depth), tape.Input(b, depth, columns)).ToArray()];
        })[0];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double exact = 0, magnitude = 0;
                for (int k = 0; k < depth; k++)
                {
                    double term = (double)a[(i * depth) + k] * b[(k * columns) + j];
                    exact += term;
                    magnitude += Math.Abs(term);
                }

                // A chain of n fused multiply-adds is wrong by at most n * 2^-24 of the terms' magnitude; in practice by its square root.
                Assert.True(Math.Abs(c[(i * columns) + j] - exact) <= (4 + Math.Sqrt(depth)) * magnitude * Math.Pow(2, -24) + 1e-30,
                    $"({i}, {j})");
            }
        }
    }

    [Theory]
    [InlineData(64, 100, 40)]
    [InlineData(37, 770, 384)]
    public void A_row_does_not_depend_on_the_rows_around_it(int rows, int depth, int columns)
    {
        float[] a = RandomFloats.Uniform(rows * depth, 3);
        float[] b = RandomFloats.Uniform(depth * columns, 4);
        using var backend = Backend.Create(threads: 2);
        float[] all = Product(backend, a, b, rows, depth, columns);
        for (int first = 0; first < rows; first += 5)
        {
            int count = Math.Min(1 + (first % 13), rows - first);
            float[] some = Product(backend, a[(first * depth)..((first + count) * depth)], b, count, depth, columns);
            Assert.Equal(all.AsSpan(first * columns, count * columns).ToArray(), some);
        }
    }

    [Fact]
    public void Packed_weights_give_the_same_bits_as_packing_within_the_call()
    {
        const int Rows = 29, Depth = 400, Columns = 70;
        float[] a = RandomFloats.Uniform(Rows * Depth, 5);
        float[] b = RandomFloats.Uniform(Depth * Columns, 6);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using Parameter weight = OperationHarness.Parameter("b", b, Depth, Columns);
        tape.Begin(TapeMode.Inference);
        EveryPath.AssertSame(
            Product(backend, a, b, Rows, Depth, Columns), tape.TransposedLinear(tape.Input(a, Rows, Depth), weight, null).ToArray(),
            "product");
    }

    [Fact]
    public void An_empty_inner_dimension_gives_zeros()
    {
        using var backend = Backend.Create(threads: 1);
        Assert.Equal(new float[4], Product(backend, [], [], 2, 0, 2));
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor a = tape.Input(new float[6], 2, 3), b = tape.Input(new float[6], 2, 3);
        Assert.Equal("ATN0602", Assert.Throws<Errors.AteneaException>(() => tape.Multiply(a, b)).Code.Id);
        Assert.Equal("ATN0602",
            Assert.Throws<Errors.AteneaException>(() => tape.MultiplyTransposed(a, tape.Input(new float[4], 2, 2))).Code.Id);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradients_of_both_matrices_agree_with_finite_differences(bool transposed)
    {
        const int Rows = 7, Depth = 19, Columns = 21;
        float[] a = RandomFloats.Uniform(Rows * Depth, 1), b = RandomFloats.Uniform(Depth * Columns, 2), up = RandomFloats
            .Uniform(Rows * Columns, 3);
        float[][] results = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Training);
            Tensor left = tape.Variable(a, Rows, Depth), right = transposed
                ? tape.Variable(b, Columns, Depth)
                : tape.Variable(b, Depth, Columns);
            Tensor product = transposed ? tape.MultiplyTransposed(left, right) : tape.Multiply(left, right);
            tape.SeedGradient(product, up);
            tape.Backward();
            return [tape.GradientOf(left), tape.GradientOf(right)];
        });
        GradientCheck.Matches("a", results[0], a.Double(), v => Value(v, b.Double()));
        GradientCheck.Matches("b", results[1], b.Double(), v => Value(a.Double(), v));

        double Value(double[] x, double[] y)
        {
            double sum = 0;
            for (int i = 0; i < Rows; i++)
            {
                for (int j = 0; j < Columns; j++)
                {
                    for (int k = 0; k < Depth; k++)
                        sum += x[(i * Depth) + k] * y[transposed ? (j * Depth) + k : (k * Columns) + j] * up[(i * Columns) + j];
                }
            }

            return sum;
        }
    }

    private static float[] Product(Backend backend, float[] a, float[] b, int rows, int depth, int columns)
    {
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        return tape.Multiply(tape.Input(a, rows, depth), tape.Input(b, depth, columns)).ToArray();
    }
}

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
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
            var result = new float[rows * columns];
            Gemm.Multiply(tape.Backend, a, b, result, rows, depth, columns);
            return [result];
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
                Assert.True(Math.Abs(c[(i * columns) + j] - exact) <= (4 + Math.Sqrt(depth)) * magnitude * Math.Pow(2, -24) + 1e-30, $"({i}, {j})");
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
        var all = new float[rows * columns];
        Gemm.Multiply(backend, a, b, all, rows, depth, columns);
        for (int first = 0; first < rows; first += 5)
        {
            int count = Math.Min(1 + (first % 13), rows - first);
            var some = new float[count * columns];
            Gemm.Multiply(backend, a.AsSpan(first * depth, count * depth), b, some, count, depth, columns);
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
        using PackedMatrix packed = PackedMatrix.FromRows(backend, b, Depth, Columns);
        float[] once = new float[Rows * Columns], again = new float[Rows * Columns];
        Gemm.Multiply(backend, a, b, once, Rows, Depth, Columns);
        Gemm.Multiply(backend, a, packed, again, Rows);
        Assert.Equal(once, again);
    }

    [Fact]
    public void An_empty_inner_dimension_gives_zeros()
    {
        using var backend = Backend.Create(threads: 1);
        float[] c = [7f, 7f, 7f, 7f];
        Gemm.Multiply(backend, [], [], c, 2, 0, 2);
        Assert.Equal(new float[4], c);
    }

    [Fact]
    public void Sizes_that_do_not_fit_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(backend, new float[5], new float[6], new float[4], 2, 3, 2));
        Assert.Throws<ArgumentException>(() => Gemm.Multiply(backend, new float[6], new float[6], new float[5], 2, 3, 2));
    }
}

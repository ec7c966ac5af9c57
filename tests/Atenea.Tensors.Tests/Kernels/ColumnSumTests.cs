namespace Atenea.Tensors.Tests;

public sealed class ColumnSumTests
{
    [Theory]
    [InlineData(1, 1, 1, false)]
    [InlineData(3, 15, 15, true)]
    [InlineData(67, 17, 40, false)]
    [InlineData(64, 33, 33, true)]
    [InlineData(200, 770, 2310, false)]
    [InlineData(129, 384, 384, true)]
    public void Sums_rows_on_every_path(int rows, int columns, int stride, bool accumulate)
    {
        float[] matrix = RandomValues.Normal(rows * stride, 1), before = RandomValues.Normal(columns, 2);
        float[] sums = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor x = tape.Input(matrix, rows, stride), result = tape.Input(before, 1, columns);
            tape.Backend.SumColumns(
                new ColumnSums { X = x.Matrix.ColumnsFrom(0, columns), Sum = new GradientShare(result.Data, accumulate) });
            return [result.ToArray()];
        })[0];
        var expected = new double[columns];
        for (int c = 0; c < columns; c++)
        {
            expected[c] = accumulate ? before[c] : 0;
            for (int r = 0; r < rows; r++) expected[c] += matrix[(r * stride) + c];
        }

        GradientCheck.Close("sum", sums, expected, 1e-5);
    }
}

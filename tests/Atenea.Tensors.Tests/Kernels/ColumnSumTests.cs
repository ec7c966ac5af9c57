namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed unsafe class ColumnSumTests
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
            float[] result = [.. before];
            tape.Begin(TapeMode.Evaluation);
            fixed (float* m = matrix, r = result) ColumnSum.Run(tape, m, rows, columns, stride, r, accumulate);
            return [result];
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

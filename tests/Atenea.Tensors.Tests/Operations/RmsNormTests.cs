namespace Atenea.Tensors.Tests;

public sealed class RmsNormTests
{
    private const float Epsilon = 1e-6f;

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 17)]
    [InlineData(130, 33)]
    [InlineData(3, 768)]
    [InlineData(2, 770)]
    public void Matches_reference_and_finite_differences_on_every_path(int rows, int columns)
    {
        float[] x = RandomValues.Normal(rows * columns, 1, 2, 0.5f), w = RandomValues.Normal(columns, 3, 0.5f, 1), seed = RandomValues
            .Normal(rows * columns, 5);
        float[][] results = EveryPath.SameBits(tape =>
        {
            using Parameter weight = OperationHarness.Parameter("w", w);
            tape.Begin(TapeMode.Training);
            Tensor input = tape.Variable(x, rows, columns);
            Tensor y = tape.RmsNorm(input, weight, Epsilon);
            tape.SeedGradient(y, seed);
            tape.Backward();
            return [y.ToArray(), tape.GradientOf(input).ToArray(), weight.GradientToArray()];
        });
        double[] xd = x.Double(), wd = w.Double();
        GradientCheck.Close("y", results[0], ReferenceOperations.RmsNorm(xd, wd, columns, Epsilon), 1e-5);
        if (columns > 1) // one column: the sign times the weight whatever the input
            GradientCheck.Matches("dx", results[1], xd, v => GradientCheck.Dot(ReferenceOperations.RmsNorm(v, wd, columns, Epsilon), seed));
        GradientCheck.Matches("dweight", results[2], wd,
            v => GradientCheck.Dot(ReferenceOperations.RmsNorm(xd, v, columns, Epsilon), seed));
    }
}

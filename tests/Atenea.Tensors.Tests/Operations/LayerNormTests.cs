using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed class LayerNormTests
{
    private const float Epsilon = 1e-6f;

    [Theory]
    [InlineData(3, 1)]
    [InlineData(3, 15)]
    [InlineData(2, 16)]
    [InlineData(5, 17)]
    [InlineData(4, 33)]
    [InlineData(130, 33)]
    [InlineData(3, 768)]
    [InlineData(66, 384)]
    [InlineData(2, 770)]
    public void Matches_reference_and_finite_differences_on_every_path(int rows, int columns) =>
        Check(rows, columns, residual: false, dropout: 0);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 17)]
    [InlineData(130, 33)]
    [InlineData(3, 768)]
    [InlineData(2, 770)]
    public void With_residual(int rows, int columns) => Check(rows, columns, residual: true, dropout: 0);

    [Theory]
    [InlineData(3, 1)]
    [InlineData(5, 17)]
    [InlineData(130, 33)]
    [InlineData(3, 768)]
    [InlineData(2, 770)]
    public void With_residual_and_dropout(int rows, int columns) => Check(rows, columns, residual: true, dropout: 0.3f);

    [Fact]
    public void Without_bias()
    {
        const int Columns = 40;
        float[] x = RandomValues.Normal(3 * Columns, 1), w = RandomValues.Normal(Columns, 2);
        float[] y = EveryPath.SameBits(tape =>
        {
            using var weight = Parameter("w", w);
            tape.Begin(TapeMode.Inference);
            return [tape.LayerNorm(tape.Input(x, 3, Columns), weight, null, Epsilon).ToArray()];
        })[0];
        GradientCheck.Close("y", y, ReferenceOperations.LayerNorm(x.Double(), w.Double(), null, Columns, Epsilon), 3e-6);
    }

    [Fact]
    public void A_row_does_not_depend_on_the_other_rows()
    {
        const int Rows = 77, Columns = 770;
        float[] x = RandomValues.Normal(Rows * Columns, 1), residual = RandomValues.Normal(Rows * Columns, 2);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        using var weight = Parameter("w", RandomValues.Normal(Columns, 3));
        using var bias = Parameter("b", RandomValues.Normal(Columns, 4));
        float[] all = Run(0, Rows);
        foreach ((int first, int count) in new[] { (0, 1), (76, 1), (10, 33), (63, 2) })
            EveryPath.AssertSame(all.AsSpan(first * Columns, count * Columns), Run(first, count), $"rows {first}..{first + count}");

        float[] Run(int first, int count)
        {
            tape.Begin(TapeMode.Evaluation);
            Tensor a = tape.Input(x.AsSpan(first * Columns, count * Columns), count, Columns);
            Tensor b = tape.Input(residual.AsSpan(first * Columns, count * Columns), count, Columns);
            return tape.ResidualLayerNorm(a, b, weight, bias, Epsilon).ToArray();
        }
    }

    [Fact]
    public void A_large_mean_costs_no_precision_that_the_input_has()
    {
        const int Columns = 768;
        float[] x = RandomValues.Normal(Columns, 1, scale: 1, mean: 1000);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using var weight = Parameter("w", [.. Enumerable.Repeat(1f, Columns)]);
        tape.Begin(TapeMode.Inference);
        float[] y = tape.LayerNorm(tape.Input(x, 1, Columns), weight, null, Epsilon).ToArray();
        double[] ones = [.. Enumerable.Repeat(1.0, Columns)];
        GradientCheck.Close("y", y, ReferenceOperations.LayerNorm(x.Double(), ones, null, Columns, Epsilon), 1e-4);
    }

    [Fact]
    public void The_residual_may_be_the_input_itself()
    {
        const int Rows = 3, Columns = 20;
        float[] x = RandomValues.Normal(Rows * Columns, 1), seed = RandomValues.Normal(Rows * Columns, 2);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using var weight = Parameter("w", RandomValues.Normal(Columns, 3));
        tape.Begin(TapeMode.Evaluation);
        Tensor input = tape.Variable(x, Rows, Columns);
        tape.SeedGradient(tape.ResidualLayerNorm(input, input, weight, null, Epsilon), seed);
        tape.Backward();
        double[] w = weight.ToArray().Double();
        GradientCheck.Matches("dx", tape.GradientOf(input).ToArray(), x.Double(),
            v => GradientCheck.Dot(ReferenceOperations.LayerNorm([.. v.Select(e => 2 * e)], w, null, Columns, Epsilon), seed));
    }

    [Fact]
    public void Wrong_shapes_are_named()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        using var weight = new Parameter("some.LayerNorm.weight", 8);
        tape.Begin(TapeMode.Inference);
        var error = Assert.Throws<Errors.AteneaException>(() => tape.LayerNorm(tape.Input(new float[9], 1, 9), weight, null, Epsilon));
        Assert.Equal("ATN0602", error.Code.Id);
        Assert.Contains("some.LayerNorm.weight", error.Message, StringComparison.Ordinal);
    }

    private static void Check(int rows, int columns, bool residual, float dropout)
    {
        float[] x = RandomValues.Normal(rows * columns, 1, 2), r = RandomValues.Normal(rows * columns, 2);
        float[] w = RandomValues.Normal(columns, 3, 0.5f, 1), b = RandomValues.Normal(columns, 4);
        float[] seed = RandomValues.Normal(rows * columns, 5);
        float[][] results = EveryPath.SameBits(tape =>
        {
            using var weight = Parameter("w", w);
            using var bias = Parameter("b", b);
            tape.Begin(TapeMode.Training, seed: 7, step: 9);
            Tensor a = tape.Variable(x, rows, columns), c = tape.Variable(r, rows, columns);
            Tensor y = residual ? tape.ResidualLayerNorm(a, c, weight, bias, Epsilon, dropout) : tape.LayerNorm(a, weight, bias, Epsilon);
            tape.SeedGradient(y, seed);
            tape.Backward();
            return
            [
                y.ToArray(), tape.GradientOf(a).ToArray(), tape.GradientOf(c).ToArray(), weight.GradientToArray(), bias.GradientToArray(),
            ];
        });

        float[]? mask = dropout > 0 ? ReferencePhilox.Mask(7, 9, 0, dropout, rows * columns) : null;
        double[] xd = x.Double(), rd = residual ? r.Double() : new double[x.Length], wd = w.Double(), bd = b.Double();
        GradientCheck.Close("y", results[0], Forward(xd, rd, wd, bd), 1e-5);
        if (columns == 1) // the output is the bias whatever the input
            Assert.All(results[1], g => Assert.Equal(0, g, 1e-3));
        else
            GradientCheck.Matches("dx", results[1], xd, v => Objective(v, rd, wd, bd));
        if (residual && columns > 1) GradientCheck.Matches("dresidual", results[2], rd, v => Objective(xd, v, wd, bd));
        if (!residual) Assert.Empty(results[2]);
        GradientCheck.Matches("dweight", results[3], wd, v => Objective(xd, rd, v, bd));
        GradientCheck.Matches("dbias", results[4], bd, v => Objective(xd, rd, wd, v));

        double[] Forward(double[] xs, double[] rs, double[] ws, double[] bs) =>
            ReferenceOperations.LayerNorm(ReferenceOperations.DropoutAndAdd(xs, rs, mask), ws, bs, columns, Epsilon);
        double Objective(double[] xs, double[] rs, double[] ws, double[] bs) => GradientCheck.Dot(Forward(xs, rs, ws, bs), seed);
    }

    private static Parameter Parameter(string name, float[] values)
    {
        var parameter = new Parameter(name, values.Length);
        parameter.CopyFrom(values);
        return parameter;
    }
}

namespace Atenea.Tensors.Tests;

/// <summary>Shared steps of the tests of element-wise operations.</summary>
internal static class OperationHarness
{
    public static Parameter Parameter(string name, float[] values, params ReadOnlySpan<int> shape)
    {
        var parameter = new Parameter(name, shape.IsEmpty ? [values.Length] : shape);
        parameter.CopyFrom(values);
        return parameter;
    }

    /// <summary>Gives a parameter a gradient, as a backward pass would.</summary>
    public static void SetGradient(Backend backend, Parameter parameter, ReadOnlySpan<float> gradient) =>
        backend.Memory.CopyIn(gradient, parameter.GradientForWriting(backend).Data);

    /// <summary>
    /// Runs an operation of one input on every path and checks its output against <paramref name="reference"/> and its gradient against
    /// finite differences of it.
    /// </summary>
    public static void CheckUnary(int rows, int columns, float[] x, Func<Tape, Tensor, Tensor> operation, Func<double[],
        double[]> reference, double tolerance = 2e-6)
    {
        float[]? seed = null;
        float[][] results = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Training, seed: 3, step: 4);
            Tensor input = tape.Variable(x, rows, columns);
            Tensor output = operation(tape, input);
            seed ??= RandomValues.Normal((int)output.Length, 99);
            tape.SeedGradient(output, seed);
            tape.Backward();
            return [output.ToArray(), tape.GradientOf(input).ToArray()];
        });
        GradientCheck.Close("output", results[0], reference(x.Double()), tolerance);
        GradientCheck.Matches("gradient", results[1], x.Double(), v => GradientCheck.Dot(reference(v), seed!));
    }
}

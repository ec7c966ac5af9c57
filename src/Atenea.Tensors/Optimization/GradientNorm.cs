namespace Atenea.Tensors;

/// <summary>The 2-norm of all gradients together, as gradient clipping needs it.</summary>
public static class GradientNorm
{
    private const int ReadAtOnce = 64;

    /// <summary>
    /// sqrt(sum of squares) over the gradients of every parameter that has one, in double precision, the same bits for any number of
    /// threads.
    /// </summary>
    /// <param name="backend">Runs it.</param>
    /// <param name="parameters">The parameters; those without a gradient count as zeros.</param>
    /// <param name="nonFinite">The first parameter whose gradient holds a NaN or an infinity, else null.</param>
    public static double Global(Backend backend, IReadOnlyList<Parameter> parameters, out Parameter? nonFinite)
    {
        nonFinite = null;
        DeviceBuffer sums = backend.Memory.Allocate(ReadAtOnce * sizeof(double));
        try
        {
            Span<double> read = stackalloc double[ReadAtOnce];
            double total = 0;
            for (int first = 0; first < parameters.Count; first += ReadAtOnce)
            {
                int count = Math.Min(ReadAtOnce, parameters.Count - first);
                for (int i = 0; i < count; i++)
                {
                    Parameter parameter = parameters[first + i];
                    if (!parameter.HasGradient) continue;
                    backend.SumSquares(
                        new SquaredSum { Length = parameter.Length, X = parameter.GradientOn(backend), Sum = sums + (2L * i) });
                }

                backend.Memory.CopyOut(sums, read);
                for (int i = 0; i < count; i++)
                {
                    if (!parameters[first + i].HasGradient) continue;
                    if (!double.IsFinite(read[i])) nonFinite ??= parameters[first + i];
                    total += read[i];
                }
            }

            return Math.Sqrt(total);
        }
        finally
        {
            backend.Memory.Free(sums, ReadAtOnce * sizeof(double));
        }
    }

    /// <summary>The 2-norm of all gradients together.</summary>
    /// <param name="backend">Runs it.</param>
    /// <param name="parameters">The parameters; those without a gradient count as zeros.</param>
    public static double Global(Backend backend, IReadOnlyList<Parameter> parameters) => Global(backend, parameters, out _);
}

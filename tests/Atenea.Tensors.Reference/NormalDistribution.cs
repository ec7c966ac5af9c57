namespace Atenea.Tensors.Reference;

/// <summary>Error function and normal distribution in double precision, to about 1e-15 relative.</summary>
public static class NormalDistribution
{
    /// <summary>erf by its Taylor series near zero, else by 1 - erfc.</summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 2) return x > 0 ? 1 - Erfc(x) : Erfc(-x) - 1;
        double term = x, sum = x;
        for (int n = 1; n < 200 && Math.Abs(term) > 1e-18 * Math.Abs(sum); n++)
        {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }

    /// <summary>1 - erf, without cancellation for large x (continued fraction of Laplace, evaluated from its far end).</summary>
    public static double Erfc(double x)
    {
        if (x < 2) return 1 - Erf(x);
        double fraction = 0;
        for (int k = 120; k >= 1; k--) fraction = k / 2.0 / (x + fraction);
        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }

    /// <summary>Phi(x).</summary>
    public static double Cumulative(double x) => x < -1 ? 0.5 * TailErfc(-x) : 0.5 * (1 + Erf(x / Math.Sqrt(2)));

    /// <summary>phi(x).</summary>
    public static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);

    private static double TailErfc(double t) => t < 2.9 ? 1 - Erf(t / Math.Sqrt(2)) : Erfc(t / Math.Sqrt(2));
}

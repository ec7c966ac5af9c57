namespace Atenea.Tensors.Tests;

/// <summary>
/// Attention of one head over one sequence by the textbook, in double precision: the oracle of the fast kernels. Matrices are
/// [tokens][size].
/// </summary>
internal sealed class AttentionReference
{
    private readonly double[][] _q, _k, _v;
    private readonly double _scale;

    public AttentionReference(
        double[][] q, double[][] k, double[][] v, double scale, double[][]? factors = null, Func<int, int, bool>? sees = null)
    {
        (_q, _k, _v, _scale) = (q, k, v, scale);
        Factors = factors;
        Probabilities = new double[q.Length][];
        Context = new double[q.Length][];
        for (int i = 0; i < q.Length; i++)
        {
            double[] p = new double[k.Length];
            for (int j = 0; j < k.Length; j++) p[j] = sees is null || sees(i, j) ? scale * Dot(q[i], k[j]) : double.NegativeInfinity;
            double largest = p.Max();
            double sum = 0;
            for (int j = 0; j < k.Length; j++) sum += p[j] = Math.Exp(p[j] - largest);
            for (int j = 0; j < k.Length; j++) p[j] /= sum;
            Probabilities[i] = p;
            Context[i] = new double[v[0].Length];
            for (int j = 0; j < k.Length; j++)
            {
                for (int c = 0; c < v[0].Length; c++) Context[i][c] += p[j] * Factor(i, j) * v[j][c];
            }
        }
    }

    /// <summary>What dropout multiplies each probability by, [query][key]; null for no dropout.</summary>
    public double[][]? Factors { get; }

    /// <summary>Probabilities before dropout, [query][key].</summary>
    public double[][] Probabilities { get; }

    /// <summary>[query][size].</summary>
    public double[][] Context { get; }

    /// <summary>What arrived at the probabilities before dropout in <see cref="Backward"/>, [query][key].</summary>
    public double[][] ProbabilityGradient { get; private set; } = [];

    /// <summary>What arrived at the scores in <see cref="Backward"/>, [query][key].</summary>
    public double[][] ScoreGradient { get; private set; } = [];

    /// <summary>
    /// Gradients of query, key and value for a gradient of the context and, where given, of the probabilities and of the scores themselves.
    /// </summary>
    public (double[][] Query, double[][] Key, double[][] Value) Backward(
        double[][] gradient, double[][]? ofProbabilities = null, double[][]? ofScores = null)
    {
        int n = _k.Length, size = _q[0].Length;
        double[][] dq = Zeros(_q.Length, size), dk = Zeros(n, size), dv = Zeros(n, size);
        (ProbabilityGradient, ScoreGradient) = (Zeros(_q.Length, n), Zeros(_q.Length, n));
        for (int i = 0; i < _q.Length; i++)
        {
            double[] dp = ProbabilityGradient[i];
            for (int j = 0; j < n; j++)
            {
                dp[j] = (Factor(i, j) * Dot(gradient[i], _v[j])) + (ofProbabilities?[i][j] ?? 0);
                for (int c = 0; c < size; c++) dv[j][c] += Probabilities[i][j] * Factor(i, j) * gradient[i][c];
            }

            double mean = Dot(Probabilities[i], dp); // softmax: dS = P * (dP - sum P dP)
            for (int j = 0; j < n; j++)
            {
                if (Probabilities[i][j] == 0) continue; // not seen
                ScoreGradient[i][j] = (Probabilities[i][j] * (dp[j] - mean)) + (ofScores?[i][j] ?? 0);
                double ds = _scale * ScoreGradient[i][j];
                for (int c = 0; c < size; c++)
                {
                    dq[i][c] += ds * _k[j][c];
                    dk[j][c] += ds * _q[i][c];
                }
            }
        }

        return (dq, dk, dv);
    }

    /// <summary>
    /// Rotary positions in double precision: pairs of a row's first and second half turned by position * theta^(-2j / size), or back. The
    /// frequencies are those of float32, which is part of the definition.
    /// </summary>
    public static double[][] Turn(double[][] rows, double theta, bool back = false) =>
    [
        .. rows.Select((row, position) =>
        {
            int half = row.Length / 2;
            double[] turned = new double[row.Length];
            for (int j = 0; j < half; j++)
            {
                double frequency = 1f / (float)Math.Pow(theta, 2f * j / row.Length);
                (double sine, double cosine) = Math.SinCos(position * frequency * (back ? -1 : 1));
                turned[j] = (row[j] * cosine) - (row[half + j] * sine);
                turned[half + j] = (row[half + j] * cosine) + (row[j] * sine);
            }

            return turned;
        }),
    ];

    private double Factor(int query, int key) => Factors?[query][key] ?? 1.0;

    private static double Dot(double[] a, double[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];
}

namespace Atenea.Tensors.Tests;

/// <summary>
/// Attention with terms of relative positions by the textbook, in double precision, forwards and backwards over a whole batch: score =
/// scale (q . k + q . keys[r] + k . queries[r]) + bias[r, head], r the row for the distance of query to key. Matrices are row-major; a
/// table that is null is not there.
/// </summary>
internal sealed class RelativeAttentionReference(int heads, int size, double scale, int[] offsets, Func<int, int> rowOf)
{
    private readonly int _hidden = heads * size;

    /// <summary>[tokens, 3 * hidden]: queries, keys, values.</summary>
    public required double[] Qkv { get; init; }

    /// <summary>[rows, hidden] or null.</summary>
    public double[]? Keys { get; init; }

    /// <summary>[rows, hidden] or null.</summary>
    public double[]? Queries { get; init; }

    /// <summary>[rows, heads] or null.</summary>
    public double[]? Bias { get; init; }

    /// <summary>What dropout multiplies a probability by: (sequence, head, query, key).</summary>
    public Func<int, int, int, int, double> Factor { get; init; } = (_, _, _, _) => 1;

    /// <summary>[tokens, hidden].</summary>
    public double[] Forward()
    {
        var output = new double[offsets[^1] * _hidden];
        Visit((s, head, i, p) =>
        {
            for (int j = 0; j < p.Length; j++)
            {
                for (int c = 0; c < size; c++)
                    output[((offsets[s] + i) * _hidden) + (head * size) + c] += p[j] * Factor(s, head, i, j) * Qkv[At(s, j, 2, head) + c];
            }
        });
        return output;
    }

    /// <summary>Probabilities before dropout: for each sequence [heads, queries, keys].</summary>
    public double[] Probabilities()
    {
        var all = new List<double>();
        Visit((_, _, _, p) => all.AddRange(p));
        return [.. all];
    }

    /// <summary>Gradients of everything for a gradient of the output, [tokens, hidden].</summary>
    public Gradients Backward(double[] gradient)
    {
        var g = new Gradients(new double[Qkv.Length], Zeros(Keys), Zeros(Queries), Zeros(Bias));
        Visit((s, head, i, p) =>
        {
            int output = ((offsets[s] + i) * _hidden) + (head * size);
            var dp = new double[p.Length];
            for (int j = 0; j < p.Length; j++)
            {
                for (int c = 0; c < size; c++)
                {
                    dp[j] += Factor(s, head, i, j) * gradient[output + c] * Qkv[At(s, j, 2, head) + c];
                    g.Qkv[At(s, j, 2, head) + c] += p[j] * Factor(s, head, i, j) * gradient[output + c];
                }
            }

            double mean = p.Zip(dp, (a, b) => a * b).Sum();
            for (int j = 0; j < p.Length; j++) Spread(s, head, i, j, p[j] * (dp[j] - mean), g);
        });
        return g;
    }

    private void Spread(int s, int head, int i, int j, double ds, Gradients g)
    {
        int row = rowOf(i - j), q = At(s, i, 0, head), k = At(s, j, 1, head), table = (row * _hidden) + (head * size);
        if (g.Bias is not null) g.Bias[(row * heads) + head] += ds;
        for (int c = 0; c < size; c++)
        {
            g.Qkv[q + c] += scale * ds * (Qkv[k + c] + (Keys?[table + c] ?? 0));
            g.Qkv[k + c] += scale * ds * (Qkv[q + c] + (Queries?[table + c] ?? 0));
            if (g.Keys is not null) g.Keys[table + c] += scale * ds * Qkv[q + c];
            if (g.Queries is not null) g.Queries[table + c] += scale * ds * Qkv[k + c];
        }
    }

    private void Visit(Action<int, int, int, double[]> row)
    {
        for (int s = 0; s + 1 < offsets.Length; s++)
        {
            int length = offsets[s + 1] - offsets[s];
            for (int head = 0; head < heads; head++)
            {
                for (int i = 0; i < length; i++)
                {
                    double[] scores = [.. Enumerable.Range(0, length).Select(j => Score(s, head, i, j))];
                    double largest = scores.Max();
                    double sum = scores.Sum(x => Math.Exp(x - largest));
                    row(s, head, i, [.. scores.Select(x => Math.Exp(x - largest) / sum)]);
                }
            }
        }
    }

    private double Score(int s, int head, int i, int j)
    {
        int row = rowOf(i - j), q = At(s, i, 0, head), k = At(s, j, 1, head), table = (row * _hidden) + (head * size);
        double sum = 0;
        for (int c = 0; c < size; c++)
            sum += (Qkv[q + c] * (Qkv[k + c] + (Keys?[table + c] ?? 0))) + (Qkv[k + c] * (Queries?[table + c] ?? 0));
        return (scale * sum) + (Bias?[(row * heads) + head] ?? 0);
    }

    private int At(int sequence, int token, int part, int head) =>
        ((offsets[sequence] + token) * 3 * _hidden) + (part * _hidden) + (head * size);

    private static double[]? Zeros(double[]? like) => like is null ? null : new double[like.Length];

    /// <summary>What <see cref="Backward"/> gives.</summary>
    public sealed record Gradients(double[] Qkv, double[]? Keys, double[]? Queries, double[]? Bias);
}

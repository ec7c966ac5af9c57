namespace Atenea.Tensors.Tests;

/// <summary>Repeatable test inputs.</summary>
internal static class RandomValues
{
    /// <summary>Normally distributed floats.</summary>
    public static float[] Normal(int count, int seed, float scale = 1, float mean = 0)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(mean + (scale * radius * Math.Cos(2 * Math.PI * random.NextDouble())));
        }

        return values;
    }

    /// <summary>Integers in [0, limit).</summary>
    public static int[] Ids(int count, int limit, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
    }

    public static double[] Double(this float[] values) => [.. values.Select(v => (double)v)];
}

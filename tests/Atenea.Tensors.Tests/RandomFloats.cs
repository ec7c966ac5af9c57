namespace Atenea.Tensors.Tests;

/// <summary>Reproducible test data.</summary>
internal static class RandomFloats
{
    /// <summary>Uniform in [-scale, scale).</summary>
    public static float[] Uniform(int count, int seed, float scale = 1f)
    {
        var random = new Random(seed);
        var values = new float[count];
        for (int i = 0; i < count; i++) values[i] = ((float)random.NextDouble() - 0.5f) * 2f * scale;
        return values;
    }
}

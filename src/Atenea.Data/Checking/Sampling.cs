namespace Atenea.Data;

/// <summary>Random choices of samples, the same in every run.</summary>
internal static class Sampling
{
    /// <summary>A number from 0 to below a bound, by the position of the choice alone (SplitMix64, Steele et al. 2014).</summary>
    public static long Draw(long position, long bound)
    {
        ulong z = unchecked((ulong)position * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return (long)((z ^ (z >> 31)) % (ulong)bound);
    }
}

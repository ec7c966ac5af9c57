namespace Atenea.Data;

/// <summary>Draws rows at random, exactly as pandas' <c>DataFrame.sample(..., random_state=seed)</c> without weights.</summary>
internal static class RowSample
{
    /// <summary>Draws a number of rows.</summary>
    /// <param name="population">Number of rows there are.</param>
    /// <param name="count">Number to draw.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="replace">Whether a row may be drawn more than once.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not that many rows, and none may repeat.</exception>
    public static int[] Draw(int population, int count, uint seed, bool replace = false)
    {
        var random = new RandomState(seed);
        return replace ? random.ChooseWithReplacement(population, count) : random.Choose(population, count);
    }
}

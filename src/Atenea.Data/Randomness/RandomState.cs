namespace Atenea.Data;

/// <summary>
/// NumPy's <c>RandomState</c> (the generator behind scikit-learn's <c>random_state</c> and pandas' <c>sample</c>): <see
/// cref="MersenneTwister"/> with NumPy's uses of its words. The same seed gives the same numbers.
/// </summary>
internal sealed class RandomState : NumpyRandom
{
    private readonly MersenneTwister _twister;
    private double? _spareNormal;

    /// <summary>Seeds the generator with a whole number below 2^32.</summary>
    public RandomState(uint seed) => _twister = new MersenneTwister(seed);

    /// <inheritdoc/>
    public override uint NextUInt32() => _twister.NextUInt32();

    /// <inheritdoc/>
    public override double NextDouble() => _twister.NextDouble();

    /// <summary>Draws a standard normal number by Marsaglia's polar method, as <c>standard_normal</c>.</summary>
    public double NextNormal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        double x, y, square;
        do
        {
            x = (2 * NextDouble()) - 1;
            y = (2 * NextDouble()) - 1;
            square = (x * x) + (y * y);
        }
        while (square >= 1 || square == 0);
        double factor = Math.Sqrt(-2 * Math.Log(square) / square);
        _spareNormal = factor * x;
        return factor * y;
    }

    /// <summary>Draws a whole number below a bound, as <c>randint(0, bound)</c>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public int Next(int bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        return (int)NextUpTo((uint)bound - 1);
    }

    /// <inheritdoc/>
    public override int[] Choose(int population, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, population);
        return Permutation(population)[..count];
    }

    /// <summary>Draws numbers below <paramref name="population"/> that may repeat, as <c>choice(population, count)</c>.</summary>
    public int[] ChooseWithReplacement(int population, int count) => [.. Enumerable.Range(0, count).Select(_ => Next(population))];
}

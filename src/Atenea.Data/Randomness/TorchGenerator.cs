namespace Atenea.Data;

/// <summary>
/// PyTorch's random generator on the processor: <see cref="MersenneTwister"/> seeded with a whole number. The same seed gives the same
/// permutations and numbers as <c>torch.Generator().manual_seed(seed)</c>.
/// </summary>
internal sealed class TorchGenerator
{
    /// <summary>Normal numbers are drawn one by one below this count, in blocks of it from there on.</summary>
    private const int NormalBlock = 16;

    /// <summary>
    /// From this bound on PyTorch takes the remainder of 64 bits, lest small numbers be drawn more often than large ones.
    /// </summary>
    private const uint WideBound = 1u << 28;

    private readonly MersenneTwister _twister;
    private double? _spareNormal;

    /// <summary>Seeds the generator. As in PyTorch, only the low 32 bits count.</summary>
    public TorchGenerator(long seed) => _twister = new MersenneTwister(unchecked((uint)seed));

    /// <summary>Draws 32 bits.</summary>
    public uint NextUInt32() => _twister.NextUInt32();

    /// <summary>Draws 64 bits, the high word first.</summary>
    public ulong NextUInt64() => ((ulong)NextUInt32() << 32) | NextUInt32();

    /// <summary>Draws a float in [0, 1) of 24 bits, as <c>torch.rand</c>.</summary>
    public float NextSingle() => (NextUInt32() & 0xFFFFFFu) * (1f / 16777216f);

    /// <summary>Draws a double in [0, 1) of 53 bits, as <c>torch.rand</c> of float64.</summary>
    public double NextDouble() => (NextUInt64() & ((1UL << 53) - 1)) / 9007199254740992.0;

    /// <summary>Draws a whole number below a bound, as <c>torch.randint(0, bound)</c>.</summary>
    public uint Next(uint bound) => bound >= WideBound ? (uint)(NextUInt64() % bound) : NextUInt32() % bound;

    /// <summary>
    /// Draws standard normal numbers, as <c>torch.randn</c> of float32: by Box and Muller, pairwise below 16 of them, else in blocks of 16.
    /// </summary>
    /// <param name="numbers">Receives them.</param>
    public void FillNormal(Span<float> numbers)
    {
        if (numbers.Length < NormalBlock)
        {
            foreach (ref float number in numbers) number = (float)NextNormal();
            return;
        }

        foreach (ref float number in numbers) number = NextSingle();
        int whole = numbers.Length - (numbers.Length % NormalBlock);
        for (int start = 0; start < whole; start += NormalBlock) Transform(numbers.Slice(start, NormalBlock));
        if (whole == numbers.Length) return;
        Span<float> last = numbers[^NormalBlock..];
        foreach (ref float number in last) number = NextSingle();
        Transform(last);
    }

    /// <summary>Draws a permutation of 0 .. length-1, as <c>torch.randperm</c> does.</summary>
    /// <param name="permutation">Receives it.</param>
    public void Permute(Span<int> permutation)
    {
        int count = permutation.Length;
        for (int i = 0; i < count; i++) permutation[i] = i;
        for (int i = 0; i < count - 1; i++)
        {
            int other = i + (int)(NextUInt32() % (uint)(count - i));
            (permutation[i], permutation[other]) = (permutation[other], permutation[i]);
        }
    }

    private double NextNormal()
    {
        if (_spareNormal is { } spare)
        {
            _spareNormal = null;
            return spare;
        }

        double angle = 2 * Math.PI * NextDouble();
        double radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        _spareNormal = radius * Math.Sin(angle);
        return radius * Math.Cos(angle);
    }

    private static void Transform(Span<float> block)
    {
        const int half = NormalBlock / 2;
        for (int j = 0; j < half; j++)
        {
            float radius = MathF.Sqrt(-2 * MathF.Log(1 - block[j])), angle = 2 * MathF.PI * block[j + half];
            block[j] = radius * MathF.Cos(angle);
            block[j + half] = radius * MathF.Sin(angle);
        }
    }
}

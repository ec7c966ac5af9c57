using System.Text;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>How the values of a new parameter are drawn.</summary>
public enum InitializationKind
{
    /// <summary>All 0: biases.</summary>
    Zeros,

    /// <summary>All 1: the weights of norms.</summary>
    Ones,

    /// <summary>Normal around 0 with the configuration's <c>initializer_range</c> as standard deviation: matrices and tables.</summary>
    Normal,
}

/// <summary>
/// How a new parameter is drawn, as <c>_init_weights</c> of transformers does. The numbers depend on the seed and on the parameter's
/// name alone, so a model's weights do not depend on which others were loaded or on the order of construction.
/// </summary>
/// <param name="Kind">The distribution.</param>
/// <param name="ZeroRow">A row that is set to zeros (the padding id of a table), or -1.</param>
/// <param name="Deviation">Standard deviation of a normal distribution where it is not the configuration's <c>initializer_range</c>; else
/// null.</param>
public readonly record struct Initialization(InitializationKind Kind, int ZeroRow = -1, double? Deviation = null)
{
    private const int PartElements = 1 << 18; // a multiple of four, which are drawn together
    private const uint RandomPurpose = Philox.FirstFreePurpose + 0x1417; // Its own among the users of a run's seed.

    /// <summary>All 0.</summary>
    public static Initialization Zeros => new(InitializationKind.Zeros);

    /// <summary>All 1.</summary>
    public static Initialization Ones => new(InitializationKind.Ones);

    /// <summary>Normal around 0.</summary>
    public static Initialization Normal => new(InitializationKind.Normal);

    /// <summary>Fills a parameter.</summary>
    /// <param name="parameter">Its values are overwritten.</param>
    /// <param name="deviation">Standard deviation of the normal distribution.</param>
    /// <param name="seed">Seed of the run.</param>
    public void Fill(Parameter parameter, double deviation, ulong seed)
    {
        ulong name = NameKey(parameter.Name);
        var part = new float[(int)Math.Min(PartElements, parameter.Length)];
        for (long start = 0; start < parameter.Length; start += part.Length)
        {
            Span<float> values = part.AsSpan(0, (int)Math.Min(part.Length, parameter.Length - start));
            if (Kind == InitializationKind.Normal) FillNormal(values, start, Deviation ?? deviation, seed, name);
            else values.Fill(Kind == InitializationKind.Ones ? 1f : 0f);
            parameter.CopyFrom(start, values);
        }

        if (ZeroRow >= 0 && ZeroRow < parameter.Rows) parameter.CopyFrom((long)ZeroRow * parameter.Columns, new float[parameter.Columns]);
    }

    /// <summary>Box and Muller's transform: every four uniform numbers of a counter's block give four normal ones.</summary>
    private static void FillNormal(Span<float> values, long start, double deviation, ulong seed, ulong name)
    {
        const double Unit = 1.0 / 4294967296.0;
        Span<uint> words = stackalloc uint[4];
        Span<float> four = stackalloc float[4];
        for (int i = 0; i < values.Length; i += 4)
        {
            Philox.Generate(seed, RandomPurpose, name, (uint)((start + i) / 4), words);
            for (int pair = 0; pair < 4; pair += 2)
            {
                (double cosine, double sine) = Pair((words[pair] + 0.5) * Unit, (words[pair + 1] + 0.5) * Unit);
                four[pair] = (float)(deviation * cosine);
                four[pair + 1] = (float)(deviation * sine);
            }

            int count = Math.Min(4, values.Length - i);
            four[..count].CopyTo(values.Slice(i, count));
        }
    }

    private static (double Cosine, double Sine) Pair(double radius, double angle)
    {
        double length = Math.Sqrt(-2 * Math.Log(radius));
        (double sine, double cosine) = Math.SinCos(2 * Math.PI * angle);
        return (length * cosine, length * sine);
    }

    /// <summary>A 64-bit FNV-1a hash of the name: stable over processes and versions, as string.GetHashCode is not.</summary>
    private static ulong NameKey(string name)
    {
        ulong hash = 14695981039346656037;
        foreach (byte value in Encoding.UTF8.GetBytes(name)) hash = (hash ^ value) * 1099511628211;
        return hash;
    }
}

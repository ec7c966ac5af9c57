namespace Atenea.Tensors;

/// <summary>
/// Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC 2011): random words as a pure function of
/// (seed, purpose, step, counter). There is no state, so a number never depends on what was drawn before it or on which thread draws it.
/// Purposes below 2^31 are the dropout sites of a <see cref="Tape"/>; other uses take values from <see cref="FirstFreePurpose"/> on.
/// </summary>
public static class Philox
{
    /// <summary>The smallest purpose that no dropout site uses.</summary>
    public const uint FirstFreePurpose = 0x80000000;

    internal const uint Multiplier0 = 0xD2511F53, Multiplier1 = 0xCD9E8D57;
    internal const uint Weyl0 = 0x9E3779B9, Weyl1 = 0xBB67AE85;
    internal const int Rounds = 10;

    /// <summary>Four random words.</summary>
    /// <param name="seed">Seed of the run: the key of the generator.</param>
    /// <param name="purpose">What the numbers are for.</param>
    /// <param name="step">Step of the run.</param>
    /// <param name="counter">Which four words of that step.</param>
    /// <param name="words">Receives 4 words.</param>
    public static void Generate(ulong seed, uint purpose, ulong step, uint counter, Span<uint> words)
    {
        words[0] = counter;
        words[1] = purpose;
        words[2] = (uint)step;
        words[3] = (uint)(step >> 32);
        Scramble(words, (uint)seed, (uint)(seed >> 32));
    }

    /// <summary>The bare function: encrypts the counter <paramref name="words"/> with the key.</summary>
    internal static void Scramble(Span<uint> words, uint key0, uint key1)
    {
        for (int round = 0; round < Rounds; round++)
        {
            ulong a = (ulong)Multiplier0 * words[0], b = (ulong)Multiplier1 * words[2];
            uint first = (uint)(b >> 32) ^ words[1] ^ key0, third = (uint)(a >> 32) ^ words[3] ^ key1;
            words[0] = first;
            words[1] = (uint)b;
            words[2] = third;
            words[3] = (uint)a;
            key0 += Weyl0;
            key1 += Weyl1;
        }
    }
}

namespace Atenea.Data;

/// <summary>
/// PyTorch's random generator on the processor: the Mersenne Twister MT19937 (Matsumoto and Nishimura 1998) seeded with a whole number.
/// The same seed gives the same permutations as <c>torch.Generator().manual_seed(seed)</c>.
/// </summary>
public sealed class TorchGenerator
{
    private const int Words = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Words];
    private int _next = Words;

    /// <summary>Seeds the generator. As in PyTorch, only the low 32 bits count.</summary>
    public TorchGenerator(long seed)
    {
        _state[0] = unchecked((uint)seed);
        for (uint i = 1; i < Words; i++)
        {
            uint previous = _state[i - 1];
            _state[i] = unchecked((1812433253u * (previous ^ (previous >> 30))) + i);
        }
    }

    /// <summary>Draws 32 bits.</summary>
    public uint NextUInt32()
    {
        if (_next == Words) Twist();
        uint y = _state[_next++];
        y ^= y >> 11;
        y ^= (y << 7) & 0x9d2c5680u;
        y ^= (y << 15) & 0xefc60000u;
        return y ^ (y >> 18);
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

    private void Twist()
    {
        for (int i = 0; i < Words; i++)
        {
            uint mixed = (_state[i] & 0x80000000u) | (_state[(i + 1) % Words] & 0x7fffffffu);
            _state[i] = _state[(i + Shift) % Words] ^ (mixed >> 1) ^ ((mixed & 1) == 0 ? 0 : 0x9908b0dfu);
        }
        _next = 0;
    }
}

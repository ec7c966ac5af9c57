namespace Atenea.Tensors.Reference;

/// <summary>Philox4x32-10 written from the paper, and the dropout mask as its documentation defines it.</summary>
public static class ReferencePhilox
{
    public static uint[] Words(uint[] counter, uint[] key)
    {
        uint[] c = [.. counter], k = [.. key];
        for (int round = 0; round < 10; round++)
        {
            UInt128 a = (UInt128)0xD2511F53 * c[0], b = (UInt128)0xCD9E8D57 * c[2];
            c = [(uint)(b >> 32) ^ c[1] ^ k[0], (uint)(b & uint.MaxValue), (uint)(a >> 32) ^ c[3] ^ k[1], (uint)(a & uint.MaxValue)];
            k = [unchecked(k[0] + 0x9E3779B9), unchecked(k[1] + 0xBB67AE85)];
        }

        return c;
    }

    public static float[] Mask(ulong seed, ulong step, uint site, float p, int count)
    {
        var mask = new float[count];
        for (int e = 0; e < count; e++) mask[e] = Multiplier(seed, step, site, p, e);
        return mask;
    }

    /// <summary>What element e of a dropout is multiplied by.</summary>
    public static float Multiplier(ulong seed, ulong step, uint site, float p, long e)
    {
        uint counter = (uint)((16 * (e / 64)) + (e % 16));
        uint word = Words([counter, site, (uint)step, (uint)(step >> 32)], [(uint)seed, (uint)(seed >> 32)])[e / 16 % 4];
        return (word >> 8) < p * 16777216f ? 0 : 1f / (1f - p);
    }
}

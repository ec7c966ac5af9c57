using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public sealed unsafe class PhiloxTests
{
    [Theory]
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u)]
    [InlineData(0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu, 0x408f276du, 0x41c83b0eu, 0xa20bc7c6u,
        0x6d5451fdu)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u, 0x94fdccebu, 0x5001e420u,
        0x24126ea1u)]
    public void Gives_the_known_answers_of_Random123(
        uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint w0, uint w1, uint w2, uint w3)
    {
        uint[] words = [c0, c1, c2, c3];
        Philox.Scramble(words, k0, k1);
        Assert.Equal([w0, w1, w2, w3], words);
        Assert.Equal(words, ReferencePhilox.Words([c0, c1, c2, c3], [k0, k1]));

        var generated = new uint[4];
        Philox.Generate(k0 | ((ulong)k1 << 32), c1, c2 | ((ulong)c3 << 32), c0, generated);
        Assert.Equal(words, generated);
    }

    [Theory]
    [InlineData("portable")]
    [InlineData("avx2")]
    [InlineData("avx512")]
    public void Mask_follows_its_definition_for_any_range(string set)
    {
        if (!Backend.Available.Contains(set)) set = Backend.Available[^1];
        const int Length = 1000;
        var key = new DropoutKey(0x0123456789ABCDEF, 0x1_0000_0007, 5, 0.3f);
        float[] expected = ReferencePhilox.Mask(key.Seed, key.Step, key.Site, key.Probability, Length);
        foreach ((int start, int count) in new[] { (0, Length), (0, 1), (63, 2), (64, 64), (17, 500), (999, 1), (128, 130), (5, 0) })
        {
            var actual = new float[count];
            fixed (float* mask = actual) Fill(set, mask, start, count, key);
            EveryPath.AssertSame(expected.AsSpan(start, count), actual, $"[{start}, {start + count})");
        }
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Drops_the_right_share_and_keeps_the_mean(float p)
    {
        const int Length = 1 << 20;
        var mask = new float[Length];
        fixed (float* m = mask) Fill(Backend.Available[^1], m, 0, Length, new DropoutKey(42, 3, 1, p));
        int dropped = mask.Count(v => v == 0);
        double sigma = Math.Sqrt(Length * p * (1 - p));
        Assert.InRange(dropped, (Length * p) - (5 * sigma), (Length * p) + (5 * sigma));
        Assert.All(mask, v => Assert.True(v == 0 || v == 1f / (1f - p)));

        // Neighbours are independent: pairs dropped together are as frequent as chance has it.
        int pairs = Enumerable.Range(0, Length - 1).Count(i => mask[i] == 0 && mask[i + 1] == 0);
        Assert.InRange(pairs / (double)Length, (p * p) - 0.003, (p * p) + 0.003);
    }

    [Fact]
    public void Seed_step_and_site_each_make_another_mask()
    {
        DropoutKey[] keys =
        [
            new(1, 1, 1, 0.5f), new(2, 1, 1, 0.5f), new(1, 2, 1, 0.5f), new(1, 1, 2, 0.5f),
            new(1 + (1UL << 32), 1, 1, 0.5f), new(1, 1 + (1UL << 32), 1, 0.5f),
        ];
        var masks = new List<string>();
        foreach (DropoutKey key in keys)
        {
            var mask = new float[256];
            fixed (float* m = mask) Fill(Backend.Available[^1], m, 0, 256, key);
            masks.Add(string.Concat(mask.Select(v => v == 0 ? '0' : '1')));
        }

        Assert.Equal(keys.Length, masks.Distinct().Count());
    }

    private static void Fill(string set, float* mask, long start, int count, DropoutKey key)
    {
        switch (set)
        {
            case "avx512": DropoutMask<Lanes512>.Fill(mask, start, count, key); break;
            case "avx2": DropoutMask<Lanes256>.Fill(mask, start, count, key); break;
            default: DropoutMask<LanesPortable>.Fill(mask, start, count, key); break;
        }
    }
}

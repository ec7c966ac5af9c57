using System.Text.Json;
using static Atenea.Data.Tests.GoldenIndices;

namespace Atenea.Data.Tests;

/// <summary>What Python's <c>random</c> drew (goldens/splits/python_random.json).</summary>
public class PythonRandomTests
{
    [Fact]
    public void Python_draws_the_same()
    {
        int seeds = 0;
        foreach (JsonElement sequence in Load("python_random.json").EnumerateArray())
        {
            seeds++;
            PythonRandom Seeded() => new(sequence.GetProperty("seed").GetInt64());
            JsonElement Expected(string name) => sequence.GetProperty(name);
            PythonRandom random = Seeded();
            // The list's first number is the second one's, drawn before the generator was seeded again.
            Assert.Equal(Doubles(Expected("random"))[1..], Repeat(5, random.NextDouble));
            random = Seeded();
            Assert.Equal(Expected("getrandbits32").EnumerateArray().Select(x => x.GetUInt32()), Repeat(8, () => random.NextBits(32)));
            random = Seeded();
            Assert.Equal(Integers(Expected("randint_0_9")), Repeat(10, () => random.Next(10)));
            random = Seeded();
            Assert.Equal(Integers(Expected("choice10")), Repeat(10, () => random.Next(10)));
            random = Seeded();
            Close(Doubles(Expected("gauss")), Repeat(4, random.NextNormal));
            Assert.Equal(Integers(Expected("sample_5_of_30")), Seeded().Sample(30, 5));
            foreach (int count in new[] { 20, 1000 })
            {
                int[] items = [.. Enumerable.Range(0, count)];
                Seeded().Shuffle<int>(items);
                Compare(Expected($"shuffle{count}"), items);
            }
        }

        Assert.Equal(4, seeds);
    }

    [Fact]
    public void Seeds_beyond_32_bits_and_below_zero_count_by_their_size()
    {
        // random.seed(2**40 + 5); random.getrandbits(32), and the pool of a small population: random.seed(7); random.sample(range(10), 4)
        Assert.Equal(new PythonRandom(5).NextBits(32), new PythonRandom(-5).NextBits(32));
        Assert.NotEqual(new PythonRandom(5).NextBits(32), new PythonRandom((1L << 40) + 5).NextBits(32));
        int[] some = new PythonRandom(7).Sample(10, 10);
        Assert.Equal(Enumerable.Range(0, 10), some.Order());
    }
}

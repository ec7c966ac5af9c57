using System.Text.Json;
using static Atenea.Data.Tests.GoldenIndices;

namespace Atenea.Data.Tests;

/// <summary>What NumPy's two generators drew (goldens/splits/mt19937_numpy.json and pcg64_numpy.json).</summary>
[Trait("Data", "Goldens")]
public class NumpyRandomTests
{
    [Fact]
    public void RandomState_draws_as_numpy()
    {
        foreach (JsonElement sequence in Load("mt19937_numpy.json").GetProperty("legacy_integer_seed").EnumerateArray())
        {
            RandomState Seeded() => new(sequence.GetProperty("seed").GetUInt32());
            JsonElement Expected(string name) => sequence.GetProperty(name);
            RandomState random = Seeded();
            Assert.Equal(Expected("raw_uint32").EnumerateArray().Select(x => x.GetUInt32()), Repeat(20, random.NextUInt32));
            random = Seeded();
            Assert.Equal(Doubles(Expected("random_sample")), Repeat(6, random.NextDouble));
            random = Seeded();
            Close(Doubles(Expected("standard_normal")), Repeat(6, random.NextNormal));
            random = Seeded();
            Assert.Equal(Doubles(Expected("uniform_neg1_1")), Repeat(4, () => -1 + (2 * random.NextDouble())));
            random = Seeded();
            Assert.Equal(Integers(Expected("randint_0_10")), Repeat(12, () => random.Next(10)));
            random = Seeded();
            Assert.Equal(Integers(Expected("randint_0_1000")), Repeat(8, () => random.Next(1000)));
            foreach (int count in new[] { 1, 10, 11, 100, 5000 }) Compare(Expected($"permutation{count}"), Seeded().Permutation(count));
            Assert.Equal(Integers(Expected("choice_10_of_50_no_replacement")), Seeded().Choose(50, 10));
            Assert.Equal(Integers(Expected("choice_10_of_50_replacement")), Seeded().ChooseWithReplacement(50, 10));
            Assert.Equal(Integers(Expected("shuffle_array20")), Shuffled(Seeded()));
            random = Seeded();
            JsonElement two = Expected("two_permutations_same_stream_7_then_5");
            Assert.Equal(Integers(two[0]), random.Permutation(7));
            Assert.Equal(Integers(two[1]), random.Permutation(5));
        }
    }

    [Fact]
    public void Pcg64_draws_as_numpy()
    {
        foreach (JsonElement sequence in Load("pcg64_numpy.json").EnumerateArray())
        {
            ulong seed = sequence.GetProperty("seed").GetUInt64();
            JsonElement Expected(string name) => sequence.GetProperty(name);
            Assert.Equal(Expected("seedsequence_uint32_x8").EnumerateArray().Select(x => x.GetUInt32()), Pcg64.SeedSequence(seed, 8));
            var random = new Pcg64(seed);
            Assert.Equal(Expected("raw_uint64").EnumerateArray().Select(x => ulong.Parse(x.GetString()!, null)),
                Repeat(10, random.NextUInt64));
            random = new Pcg64(seed);
            Assert.Equal(Doubles(Expected("random")), Repeat(6, random.NextDouble));
            random = new Pcg64(seed);
            Assert.Equal(Integers(Expected("integers_0_10")), Repeat(12, () => random.Next(10)));
            random = new Pcg64(seed);
            Assert.Equal(Integers(Expected("integers_0_1000")), Repeat(8, () => random.Next(1000)));
            foreach (int count in new[] { 10, 11, 1000 }) Compare(Expected($"permutation{count}"), new Pcg64(seed).Permutation(count));
            Assert.Equal(Integers(Expected("choice_10_of_50_no_replacement")), new Pcg64(seed).Choose(50, 10));
            Assert.Equal(Integers(Expected("shuffle_list20")), Shuffled(new Pcg64(seed)));
        }
    }

    [Fact]
    public void A_choice_from_a_large_population_has_no_repeats()
    {
        int[] drawn = new Pcg64(3).Choose(20_000, 5_000);
        Assert.Equal(5_000, drawn.Distinct().Count());
        Assert.All(drawn, i => Assert.InRange(i, 0, 19_999));
        Assert.Throws<ArgumentOutOfRangeException>(() => new Pcg64(3).Choose(3, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RandomState(3).Choose(3, 4));
    }

    private static int[] Shuffled(NumpyRandom random)
    {
        int[] items = [.. Enumerable.Range(0, 20)];
        random.Shuffle<int>(items);
        return items;
    }
}

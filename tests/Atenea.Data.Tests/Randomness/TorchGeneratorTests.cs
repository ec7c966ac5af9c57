using System.Text.Json;
using static Atenea.Data.Tests.GoldenIndices;

namespace Atenea.Data.Tests;

/// <summary>What PyTorch drew (goldens/splits/torch_random.json).</summary>
[Trait("Data", "Goldens")]
public class TorchGeneratorTests
{
    [Fact]
    public void Permutations_are_torchs()
    {
        foreach (JsonElement sequence in Sequences())
        {
            IEnumerable<JsonProperty> permutations =
                sequence.EnumerateObject().Where(p => p.Name.StartsWith("randperm", StringComparison.Ordinal));
            foreach (JsonProperty property in permutations)
            {
                var permutation = new int[int.Parse(property.Name["randperm".Length..], null)];
                Seeded(sequence).Permute(permutation);
                Compare(property.Value, permutation);
            }

            int[] ten = new int[10];
            Seeded(sequence).Permute(ten);
            JsonElement split = sequence.GetProperty("random_split_10_[7,3]");
            Assert.Equal(Integers(split[0]), ten[..7]);
            Assert.Equal(Integers(split[1]), ten[7..]);
        }
    }

    [Fact]
    public void Numbers_are_torchs()
    {
        foreach (JsonElement sequence in Sequences())
        {
            TorchGenerator generator = Seeded(sequence);
            Assert.Equal(Integers(sequence.GetProperty("randint_0_10")), Repeat(12, () => (int)generator.Next(10)));
            generator = Seeded(sequence);
            Assert.Equal(Integers(sequence.GetProperty("randint_0_2e31")), Repeat(6, () => (int)generator.Next(1u << 31)));
            generator = Seeded(sequence);
            Assert.Equal(Doubles(sequence.GetProperty("rand_float32")), Repeat(6, () => (double)generator.NextSingle()));
            generator = Seeded(sequence);
            Assert.Equal(Doubles(sequence.GetProperty("rand_float64")), Repeat(6, generator.NextDouble));
            generator = Seeded(sequence);
            Assert.Equal(Doubles(sequence.GetProperty("bernoulli_0.15")), Repeat(20, () => generator.NextSingle() < 0.15f ? 1.0 : 0.0));
            generator = Seeded(sequence);
            Assert.Equal(sequence.GetProperty("random_int64_full").EnumerateArray().Select(x => ulong.Parse(x.GetString()!, null)),
                Repeat(6, () => generator.NextUInt64() & long.MaxValue));
        }
    }

    [Theory]
    [InlineData(4)]
    [InlineData(16)]
    [InlineData(19)]
    public void Normal_numbers_are_torchs(int count)
    {
        foreach (JsonElement sequence in Sequences())
        {
            var numbers = new float[count];
            Seeded(sequence).FillNormal(numbers);
            Close(Doubles(sequence.GetProperty($"randn_{count}")), [.. numbers.Select(x => (double)x)], 1e-6);
        }
    }

    [Fact]
    public void Samplers_and_loaders_follow_from_the_draws()
    {
        foreach (JsonElement sampler in Load("torch_random.json").GetProperty("samplers").EnumerateArray())
        {
            TorchGenerator generator = Seeded(sampler);
            var permutation = new int[sampler.GetProperty("n").GetInt32()];
            generator.Permute(permutation);
            Compare(sampler.GetProperty("RandomSampler_with_generator_epoch1"), permutation);
            // The sampler draws one unused permutation after each epoch.
            generator.Permute(permutation);
            generator.Permute(permutation);
            Compare(sampler.GetProperty("epoch2_same_generator"), permutation);

            // A loader with a generator draws its workers' base seed first, in each epoch.
            generator = Seeded(sampler);
            foreach (JsonElement epoch in sampler.GetProperty("DataLoader_shuffle_generator_seeded_epochs").EnumerateArray())
            {
                generator.NextUInt64();
                generator.Permute(permutation);
                Assert.Equal(epoch.EnumerateArray().SelectMany(Integers), permutation);
                generator.Permute(permutation);
            }

            // Without one, a second draw from the global generator seeds a generator of the epoch's own.
            generator = Seeded(sampler);
            Assert.Equal(ulong.Parse(sampler.GetProperty("global_first_int64_seed_draw").GetString()!, null),
                Seeded(sampler).NextUInt64() & long.MaxValue);
            foreach (JsonElement epoch in sampler.GetProperty("DataLoader_shuffle_global_manual_seed_epochs").EnumerateArray())
            {
                generator.NextUInt64();
                new TorchGenerator((long)generator.NextUInt64()).Permute(permutation);
                Assert.Equal(epoch.EnumerateArray().SelectMany(Integers), permutation);
            }
        }
    }

    [Fact]
    public void Short_permutations_draw_what_they_must()
    {
        new TorchGenerator(1).Permute([]);
        var one = new int[1];
        new TorchGenerator(1).Permute(one);
        Assert.Equal([0], one);
    }

    private static JsonElement.ArrayEnumerator Sequences() => Load("torch_random.json").GetProperty("sequences").EnumerateArray();

    private static TorchGenerator Seeded(JsonElement owner) => new(owner.GetProperty("seed").GetInt64());
}

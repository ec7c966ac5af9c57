using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Atenea.Data.Tests.Randomness;

/// <summary>Permutations that PyTorch drew (goldens/splits/torch_random.json).</summary>
public class TorchGeneratorTests
{
    [Fact]
    public void Permutations_are_torchs()
    {
        int compared = 0;
        foreach (JsonElement sequence in Golden().GetProperty("sequences").EnumerateArray())
        {
            long seed = sequence.GetProperty("seed").GetInt64();
            foreach (JsonProperty property in sequence.EnumerateObject().Where(p => p.Name.StartsWith("randperm", StringComparison.Ordinal)))
            {
                int count = int.Parse(property.Name["randperm".Length..], null);
                var permutation = new int[count];
                new TorchGenerator(seed).Permute(permutation);
                Compare(property.Value, permutation);
                compared++;
            }
        }
        Assert.True(compared >= 8, $"{compared} permutations compared");
    }

    [Fact]
    public void A_generator_goes_on_where_it_stopped()
    {
        foreach (JsonElement sampler in Golden().GetProperty("samplers").EnumerateArray())
        {
            var generator = new TorchGenerator(sampler.GetProperty("seed").GetInt64());
            var permutation = new int[sampler.GetProperty("n").GetInt32()];
            generator.Permute(permutation);
            Compare(sampler.GetProperty("RandomSampler_with_generator_epoch1"), permutation);
            // The sampler draws one unused permutation after each epoch.
            generator.Permute(permutation);
            generator.Permute(permutation);
            Compare(sampler.GetProperty("epoch2_same_generator"), permutation);
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

    private static void Compare(JsonElement expected, int[] permutation)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(expected.EnumerateArray().Select(x => x.GetInt32()), permutation);
            return;
        }
        Assert.Equal(expected.GetProperty("n").GetInt32(), permutation.Length);
        var bytes = new byte[permutation.Length * sizeof(long)];
        for (int i = 0; i < permutation.Length; i++)
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), permutation[i]);
        Assert.Equal(expected.GetProperty("sha256_int64_le").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    private static JsonElement Golden()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(Repository.Data("torch_random.json")));
        return document.RootElement.Clone();
    }
}

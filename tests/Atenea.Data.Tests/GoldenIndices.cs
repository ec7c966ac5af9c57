using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;

namespace Atenea.Data.Tests;

/// <summary>Index lists that the Python libraries drew (goldens/splits): short ones are listed, long ones given by their hash.</summary>
internal static class GoldenIndices
{
    public static JsonElement Load(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(References.Need(["splits", file])));
        return document.RootElement.Clone();
    }

    public static void Compare(JsonElement expected, int[] actual)
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.Equal(Integers(expected), actual);
            return;
        }

        Assert.Equal(expected.GetProperty("n").GetInt32(), actual.Length);
        Assert.Equal(Integers(expected.GetProperty("head")), actual[..expected.GetProperty("head").GetArrayLength()]);
        var bytes = new byte[actual.Length * sizeof(long)];
        for (int i = 0; i < actual.Length; i++) BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(i * sizeof(long)), actual[i]);
        Assert.Equal(expected.GetProperty("sha256_int64_le").GetString(), Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    public static void Compare(JsonElement expected, RowSplit split)
    {
        Compare(expected.GetProperty("train"), split.Train);
        Compare(expected.GetProperty("test"), split.Test);
    }

    public static int[] Integers(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetInt32())];

    public static double[] Doubles(JsonElement list) => [.. list.EnumerateArray().Select(x => x.GetDouble())];

    public static double? OptionalDouble(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number ? value.GetDouble() : null;

    public static T[] Repeat<T>(int count, Func<T> draw) => [.. Enumerable.Range(0, count).Select(_ => draw())];

    /// <summary>Numbers that went through logarithms and sines, whose last bit differs between C libraries.</summary>
    public static void Close(double[] expected, double[] actual, double tolerance = 1e-14) =>
        Assert.All(expected.Zip(actual), pair => Assert.InRange(pair.Second, pair.First - tolerance, pair.First + tolerance));
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Atenea.Tensors.Tests;

/// <summary>Reads reference tensors and settings.</summary>
internal static class Golden
{
    public static string PathOf(params string[] parts) => References.Need(parts);

    public static JsonDocument Json(params string[] parts) => JsonDocument.Parse(File.ReadAllBytes(PathOf(parts)));

    /// <summary>All tensors of a safetensors file that holds float32 only.</summary>
    public static Dictionary<string, float[]> Tensors(params string[] parts)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(parts));
        int headerLength = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(bytes));
        using JsonDocument header = JsonDocument.Parse(bytes.AsMemory(8, headerLength));
        var tensors = new Dictionary<string, float[]>();
        foreach (JsonProperty entry in header.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__") continue;
            Assert.Equal("F32", entry.Value.GetProperty("dtype").GetString());
            JsonElement offsets = entry.Value.GetProperty("data_offsets");
            int from = 8 + headerLength + offsets[0].GetInt32(), to = 8 + headerLength + offsets[1].GetInt32();
            tensors[entry.Name] = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(from, to - from)).ToArray();
        }

        return tensors;
    }
}

using System.Runtime.InteropServices;
using Atenea.Errors;

namespace Atenea.Hub.Tests;

public class FloatConversionTests
{
    [Theory]
    [InlineData(StorageType.F16)]
    [InlineData(StorageType.BF16)]
    public void Every_bit_pattern_widens_exactly_at_every_alignment(StorageType type)
    {
        ushort[] all = [.. Enumerable.Range(0, 1 << 16).Select(i => (ushort)i)];
        using var folder = new TemporaryFolder();
        // The header is written by hand: its length decides how the data is aligned.
        string path = folder.File("all.safetensors");
        byte[] header = System.Text.Encoding.UTF8.GetBytes(
            """{"a":{"dtype":"TYPE","shape":[65536],"data_offsets":[0,131072]}}""".Replace("TYPE", type.Name(), StringComparison.Ordinal));
        foreach (int padding in new[] { 0, 1 })
        {
            using (var stream = File.Create(path))
            {
                stream.Write(BitConverter.GetBytes((long)header.Length + padding));
                stream.Write(header);
                stream.Write(new byte[] { (byte)' ' }, 0, padding);
                stream.Write(MemoryMarshal.AsBytes<ushort>(all));
            }

            using var file = SafeTensorsFile.Open(path);
            float[] widened = file.ReadFloats("a");
            for (int i = 0; i < all.Length; i++)
            {
                float expected = type == StorageType.F16
                    ? (float)BitConverter.UInt16BitsToHalf(all[i])
                    : BitConverter.UInt32BitsToSingle((uint)all[i] << 16);
                if (float.IsNaN(expected)) Assert.True(float.IsNaN(widened[i]));
                else Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(widened[i]));
            }
        }
    }

    [Theory]
    [InlineData(StorageType.F16)]
    [InlineData(StorageType.BF16)]
    public void What_was_widened_narrows_to_the_same_bits(StorageType type)
    {
        float[] all = [.. Enumerable.Range(0, 1 << 16)
            .Select(i => type == StorageType.F16
                ? (float)BitConverter.UInt16BitsToHalf((ushort)i)
                : BitConverter.UInt32BitsToSingle((uint)i << 16))
            .Where(x => !float.IsNaN(x))];
        using var folder = new TemporaryFolder();
        var writer = new SafeTensorsWriter();
        writer.Add("a", [all.Length], all, type);
        writer.Save(folder.File("all"));
        using var file = SafeTensorsFile.Open(folder.File("all"));
        Assert.Equal(all, file.ReadFloats("a"));
    }

    [Theory]
    [InlineData(StorageType.BF16, 1.00390625f, 1f)] // half way between 1 and 1 + 2^-7: to even
    [InlineData(StorageType.BF16, 1.01171875f, 1.015625f)] // half way, to even upwards
    [InlineData(StorageType.BF16, 3.4e38f, float.PositiveInfinity)]
    [InlineData(StorageType.F16, 65520f, float.PositiveInfinity)]
    [InlineData(StorageType.F16, 65519f, 65504f)]
    [InlineData(StorageType.F16, 2.9802322e-8f, 0f)] // half of the smallest subnormal: to even
    [InlineData(StorageType.F16, 1.00048828125f, 1f)]
    public void Narrowing_rounds_to_nearest_even(StorageType type, float value, float expected)
    {
        using var folder = new TemporaryFolder();
        var writer = new SafeTensorsWriter();
        writer.Add("a", [3], new[] { value, -value, float.NaN }, type);
        writer.Save(folder.File("x"));
        using var file = SafeTensorsFile.Open(folder.File("x"));
        Assert.Equal([expected, -expected, float.NaN], file.ReadFloats("a"));
    }

    [Fact]
    public void Whole_numbers_of_every_width_are_read()
    {
        using var file = SafeTensorsFile.Open(Golden.File("safetensors", "integers.safetensors"));
        Assert.Equal([1, 0], file.ReadInt64("bool"));
        Assert.Equal([0, 255], file.ReadInt64("u8"));
        Assert.Equal([-128, 127], file.ReadInt64("i8"));
        Assert.Equal([-32768, 32767], file.ReadInt64("i16"));
        Assert.Equal([0, 65535], file.ReadInt64("u16"));
        Assert.Equal([int.MinValue, int.MaxValue], file.ReadInt64("i32"));
        Assert.Equal([0, uint.MaxValue], file.ReadInt64("u32"));
        Assert.Equal([long.MinValue, long.MaxValue], file.ReadInt64("i64"));
        Assert.Equal([0, long.MaxValue], file.ReadInt64("u64"));
        Assert.Equal([(float)(1.0 / 3), float.PositiveInfinity], file.ReadFloats("f64"));
        Assert.Equal("ATN0407", Assert.Throws<AteneaException>(() => file.ReadInt64("u64.large")).Code.Id);
        Assert.Equal("ATN0407", Assert.Throws<AteneaException>(() => file.ReadInt64("f64")).Code.Id);
        Assert.Equal("ATN0407", Assert.Throws<AteneaException>(() => file.ReadFloats("i64")).Code.Id);
        Assert.Throws<ArgumentException>(() => file.CopyTo("f64", new float[3]));
    }
}

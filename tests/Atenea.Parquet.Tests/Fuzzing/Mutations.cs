namespace Atenea.Parquet.Tests;

/// <summary>Ways to damage bytes.</summary>
internal static class Mutations
{
    /// <summary>Flips one to four bits.</summary>
    public static byte[] Flip(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int n = random.Next(1, 5); n > 0; n--) bytes[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
        return bytes;
    }

    /// <summary>Overwrites, inserts or removes a stretch with bytes from elsewhere in the file or from nowhere.</summary>
    public static byte[] Splice(byte[] original, Random random)
    {
        int length = random.Next(1, Math.Min(64, original.Length));
        int from = random.Next(original.Length - length), to = random.Next(original.Length - length);
        byte[] stretch = random.Next(3) switch
        {
            0 => [.. Enumerable.Range(0, length).Select(_ => (byte)random.Next(256))],
            1 => [.. Enumerable.Repeat((byte)random.Next(256), length)],
            _ => original[from..(from + length)],
        };
        return random.Next(3) switch
        {
            0 => [.. original[..to], .. stretch, .. original[to..]],
            1 => [.. original[..to], .. original[(to + length)..]],
            _ => [.. original[..to], .. stretch, .. original[(to + length)..]],
        };
    }
}

using Atenea.Errors;

namespace Atenea.Hub.Tests;

/// <summary>Damages files at random: a reader must give the tensors or an error for users, whatever it meets.</summary>
internal static class Fuzz
{
    /// <summary>Opens damaged copies of a file, each the same on every run.</summary>
    /// <param name="good">The file's bytes.</param>
    /// <param name="times">How many copies.</param>
    /// <param name="path">Where they are put.</param>
    /// <param name="open">Opens the checkpoint.</param>
    public static void Every(byte[] good, int times, string path, Func<ITensorSource> open)
    {
        int opened = 0;
        for (int seed = 0; seed < times; seed++)
        {
            File.WriteAllBytes(path, Damage(good, new Random(seed)));
            try
            {
                using ITensorSource source = open();
                foreach (TensorInfo info in source.Contents.Where(info => info.Type.IsFloat() && info.ElementCount < 1 << 16))
                    source.ReadFloats(info.Name);
                opened++;
            }
            catch (AteneaException error)
            {
                Assert.Equal(ErrorCode.BadInput, error.Code.ExitCode);
            }
        }

        Assert.InRange(opened, 0, times - 1); // Some damage must be noticed, or the files were not damaged at all.
    }

    private static byte[] Damage(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (int i = random.Next(1, 5); i > 0; i--)
        {
            int at = random.Next(bytes.Length), other = random.Next(bytes.Length);
            int length = Math.Min(random.Next(1, 40), bytes.Length - Math.Max(at, other));
            switch (random.Next(6))
            {
                case 0: bytes[at] = (byte)random.Next(256); break;
                case 1: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 2: Array.Copy(bytes, other, bytes, at, length); break;
                case 3: bytes.AsSpan(at, length).Fill((byte)(random.Next(2) * 255)); break;
                case 4: bytes = [.. bytes[..at], .. bytes[other..]]; break;
                default: bytes = bytes[..at]; break;
            }

            if (bytes.Length == 0) return bytes;
        }

        return bytes;
    }
}

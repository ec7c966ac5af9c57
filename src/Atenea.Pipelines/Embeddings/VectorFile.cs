using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Pipelines;

/// <summary>Writes vectors, one per text and in their order, in the form that a file's name asks for.</summary>
public static class VectorFile
{
    /// <summary>The tensor's name in a safetensors file.</summary>
    public const string TensorName = "embeddings";

    private const int NumpyHeader = 128;

    /// <summary>Refuses a name that no form has.</summary>
    /// <exception cref="AteneaException">The ending is none of .safetensors, .npy and .jsonl (ATN0103).</exception>
    public static void Check(string path)
    {
        if (Extension(path) is ".safetensors" or ".npy" or ".jsonl") return;
        throw new AteneaException(Catalogue.ArgumentWrong,
            $"'{path}' ends in '{Path.GetExtension(path)}'", "--output", "name a .safetensors, .npy or .jsonl file");
    }

    /// <summary>
    /// Writes a file, whole or not at all: .safetensors with one float32 tensor [texts, dimension] named <c>embeddings</c>, .npy with the
    /// same, or .jsonl with one list of numbers per line. The last two take memory that does not grow with the number of texts.
    /// </summary>
    /// <returns>Number of vectors.</returns>
    public static long Write(string path, IEnumerable<float[]> vectors, int dimension)
    {
        Check(path);
        long count = 0;
        IEnumerable<float[]> counted = vectors.Select(vector =>
        {
            count++;
            return vector;
        });
        switch (Extension(path))
        {
            case ".safetensors":
                float[] all = [.. counted.SelectMany(vector => vector)];
                var writer = new SafeTensorsWriter();
                writer.Add(TensorName, [count, dimension], all.AsMemory());
                writer.Save(path);
                break;
            case ".npy":
                AtomicFile.Write(path, stream => WriteNumpy(stream, counted, () => count, dimension));
                break;
            default:
                AtomicFile.Write(path, stream => WriteLines(stream, counted));
                break;
        }

        return count;
    }

    /// <summary>Writes vectors as JSON lists, one per line.</summary>
    public static void WriteLines(Stream stream, IEnumerable<float[]> vectors)
    {
        var buffered = new BufferedStream(stream, 1 << 16); // Not disposed: the stream stays the caller's.
        using var json = new Utf8JsonWriter(buffered);
        foreach (float[] vector in vectors)
        {
            json.Reset();
            json.WriteNumbers(vector);
            json.Flush();
            buffered.WriteByte((byte)'\n');
        }

        buffered.Flush();
    }

    // NumPy's format 1.0: the number of rows is known at the end, so its header is written twice, in a fixed length.
    private static void WriteNumpy(Stream stream, IEnumerable<float[]> vectors, Func<long> count, int dimension)
    {
        stream.Write(Header(0, dimension));
        foreach (float[] vector in vectors)
        {
            if (!BitConverter.IsLittleEndian)
            {
                foreach (ref int bits in MemoryMarshal.Cast<float, int>(vector.AsSpan())) bits = BinaryPrimitives.ReverseEndianness(bits);
            }

            stream.Write(MemoryMarshal.AsBytes(vector.AsSpan()));
        }

        long end = stream.Position;
        stream.Position = 0;
        stream.Write(Header(count(), dimension));
        stream.Position = end;
    }

    private static byte[] Header(long rows, int columns)
    {
        string text = FormattableString.Invariant($"{{'descr': '<f4', 'fortran_order': False, 'shape': ({rows}, {columns}), }}");
        return [0x93, .. "NUMPY"u8, 1, 0, NumpyHeader - 10, 0, .. Encoding.ASCII.GetBytes(text.PadRight(NumpyHeader - 11) + "\n")];
    }

    private static string Extension(string path) => Path.GetExtension(path).ToLowerInvariant();
}

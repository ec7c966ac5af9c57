using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>Carries the values of parameters from and to files, a part at a time, so that no model is ever in memory twice.</summary>
public static class ParameterFiles
{
    private const int PartElements = 1 << 18;

    /// <summary>Fills a parameter with a tensor of its shape.</summary>
    internal static void Fill(Parameter parameter, ITensorSource source, string name)
    {
        var part = new float[Math.Min(PartElements, parameter.Length)];
        for (long start = 0; start < parameter.Length; start += part.Length)
        {
            Span<float> stored = part.AsSpan(0, (int)Math.Min(part.Length, parameter.Length - start));
            source.CopyTo(name, start, stored);
            parameter.CopyFrom(start, stored);
        }
    }

    /// <summary>Whether a tensor of the parameter's shape has the parameter's values.</summary>
    internal static bool HasValues(Parameter parameter, ITensorSource source, string name)
    {
        float[] part = new float[Math.Min(PartElements, parameter.Length)], own = new float[part.Length];
        for (long start = 0; start < parameter.Length; start += part.Length)
        {
            Span<float> stored = part.AsSpan(0, (int)Math.Min(part.Length, parameter.Length - start));
            source.CopyTo(name, start, stored);
            Span<float> held = own.AsSpan(0, stored.Length);
            parameter.CopyTo(start, held);
            if (!stored.SequenceEqual(held)) return false;
        }

        return true;
    }

    /// <summary>
    /// Writes parameters to a safetensors file (float32), atomically: all of a model, or a part (<see cref="ParameterSet.Of"/>).
    /// </summary>
    /// <param name="parameters">What to write, in this order.</param>
    /// <param name="file">The file; its folder is created if missing.</param>
    /// <exception cref="Errors.AteneaException">It cannot be written (ATN0403).</exception>
    public static void Write(IEnumerable<Parameter> parameters, string file)
    {
        var writer = new SafeTensorsWriter();
        foreach (Parameter parameter in parameters)
        {
            long[] shape = [.. parameter.Shape.ToArray().Select(size => (long)size)];
            writer.Add(parameter.Name, shape, parameter.CopyTo);
        }

        writer.Save(file);
    }
}

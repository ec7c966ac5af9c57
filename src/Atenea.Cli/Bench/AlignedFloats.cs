using System.Runtime.InteropServices;

namespace Atenea.Cli.Bench;

/// <summary>Floats in native memory at a cache line's boundary, where tensors live too.</summary>
internal sealed unsafe class AlignedFloats : IDisposable
{
    private readonly int _length;
    private float* _data;

    /// <summary>Takes memory and fills it with values in [-1, 1).</summary>
    /// <param name="length">Number of floats.</param>
    /// <param name="random">Source of the values.</param>
    public AlignedFloats(int length, Random random)
    {
        _length = length;
        _data = (float*)NativeMemory.AlignedAlloc((nuint)length * sizeof(float), 64);
        foreach (ref float value in Span) value = (random.NextSingle() * 2) - 1;
    }

    /// <summary>The floats.</summary>
    public Span<float> Span => new(_data, _length);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        _data = null;
    }
}

using Atenea.Tensors;

namespace Atenea.Cli;

/// <summary>Floats in the engine's own native memory, where the tensors of a model live too.</summary>
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
        _data = (float*)NativeBlock.Allocate(Bytes);
        foreach (ref float value in Span) value = (random.NextSingle() * 2) - 1;
    }

    /// <summary>The floats.</summary>
    public Span<float> Span => new(_data, _length);

    private nuint Bytes => (nuint)_length * sizeof(float);

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeBlock.Free(_data, Bytes);
        _data = null;
    }
}

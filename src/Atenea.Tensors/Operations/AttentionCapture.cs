using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tensors;

/// <summary>
/// Receives the probabilities of one attention, as softmax gives them (before dropout), for reports and comparisons. It allocates what it
/// holds, and can be used again by a later attention. What the attention returns does not depend on it.
/// </summary>
public sealed unsafe class AttentionCapture
{
    private float[][] _probabilities = [];
    private int[] _lengths = [];

    /// <summary>Number of heads.</summary>
    public int Heads { get; private set; }

    /// <summary>Number of sequences.</summary>
    public int Sequences => _lengths.Length;

    /// <summary>Tokens of a sequence.</summary>
    /// <param name="sequence">In [0, <see cref="Sequences"/>).</param>
    public int Length(int sequence) => _lengths[sequence];

    /// <summary>Probabilities of a sequence: [heads, queries, keys], row-major, each row summing to 1.</summary>
    /// <param name="sequence">In [0, <see cref="Sequences"/>).</param>
    public ReadOnlySpan<float> Probabilities(int sequence) => _probabilities[sequence];

    /// <summary>Makes room for the sequences and writes the address of each one's probabilities to <paramref name="addresses"/>.</summary>
    internal void Prepare(int heads, ReadOnlySpan<int> offsets, nint* addresses)
    {
        Heads = heads;
        _lengths = new int[offsets.Length - 1];
        _probabilities = new float[_lengths.Length][];
        for (int s = 0; s < _lengths.Length; s++)
        {
            int length = _lengths[s] = offsets[s + 1] - offsets[s];
            float[] values = GC.AllocateUninitializedArray<float>(checked(heads * length * length), pinned: true);
            _probabilities[s] = values;
            addresses[s] = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(values));
        }
    }
}

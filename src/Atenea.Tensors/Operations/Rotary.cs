namespace Atenea.Tensors;

/// <summary>
/// Rotary position embedding (Su et al. 2021, section 3.2) in the layout of Hugging Face's models: with x1 the first and x2 the second half
/// of a head, position p turns the pairs (x1[j], x2[j]) by the angle p * theta^(-2j / size). Scores depend on differences of positions
/// alone, so positions count from 0 in each sequence, at its first key. Safe to use from several threads.
/// </summary>
public sealed class Rotary
{
    private readonly float[] _frequencies;
    private readonly Lock _growing = new();
    private float[] _table = [];

    /// <summary>Creates the embedding of a head size.</summary>
    /// <param name="headSize">Size of a head; even.</param>
    /// <param name="theta">Base of the wavelengths: 10000 in the paper.</param>
    public Rotary(int headSize, double theta)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(headSize > 0 && headSize % 2 == 0, true, nameof(headSize));
        HeadSize = headSize;
        // In float32, step by step, as the reference computes them: a checkpoint was trained with these and no others.
        _frequencies = new float[headSize / 2];
        for (int j = 0; j < _frequencies.Length; j++) _frequencies[j] = 1f / (float)Math.Pow((float)theta, 2f * j / headSize);
    }

    /// <summary>Size of the heads it turns.</summary>
    public int HeadSize { get; }

    /// <summary>
    /// Cosines, then sines, of each position: at least [positions, 2, size / 2], pinned. It grows when asked for more; who holds an older
    /// one may go on using it.
    /// </summary>
    internal float[] Table(int positions)
    {
        float[] table = Volatile.Read(ref _table);
        if (table.Length >= positions * HeadSize) return table;
        lock (_growing)
        {
            if (_table.Length < positions * HeadSize) Volatile.Write(ref _table, Build(Math.Max(positions, 2 * _table.Length / HeadSize)));
            return _table;
        }
    }

    private float[] Build(int positions)
    {
        int half = HeadSize / 2;
        float[] table = GC.AllocateUninitializedArray<float>(checked(positions * HeadSize), pinned: true);
        for (int p = 0; p < positions; p++)
        {
            for (int j = 0; j < half; j++)
            {
                (double sine, double cosine) = Math.SinCos(p * (double)_frequencies[j]);
                table[(p * HeadSize) + j] = (float)cosine;
                table[(p * HeadSize) + half + j] = (float)sine;
            }
        }

        return table;
    }
}

namespace Atenea.Tensors.Tests;

/// <summary>A batch of sequences with random queries, keys, values and output gradients, and what attention makes of it.</summary>
internal sealed class AttentionCase
{
    public AttentionCase(int heads, int headSize, int[] lengths, int seed = 1, float spread = 1f, int keyValueHeads = 0)
    {
        (Heads, HeadSize, Lengths, KeyValueHeads) = (heads, headSize, lengths, keyValueHeads == 0 ? heads : keyValueHeads);
        Offsets = new int[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++) Offsets[s + 1] = Offsets[s] + lengths[s];
        var random = new Random(seed);
        Qkv = Normal(random, Tokens * Width, spread);
        Gradient = Normal(random, Tokens * Hidden, 1f);
    }

    public int Heads { get; }

    public int HeadSize { get; }

    public int[] Lengths { get; }

    public int KeyValueHeads { get; }

    public int? KeysBefore { get; init; }

    public int? KeysAfter { get; init; }

    /// <summary>Base of rotary positions; 0 for none.</summary>
    public double Theta { get; init; }

    /// <summary>Columns of <see cref="Qkv"/>.</summary>
    public int Width => (Heads + (2 * KeyValueHeads)) * HeadSize;

    public int[] Offsets { get; }

    public int Hidden => Heads * HeadSize;

    public int Tokens => Offsets[^1];

    public float[] Qkv { get; private init; }

    public float[] Gradient { get; private init; }

    public float Dropout { get; init; }

    public AttentionSettings Settings => new(Heads, 1f / MathF.Sqrt(HeadSize), Dropout)
    {
        KeyValueHeads = KeyValueHeads,
        KeysBefore = KeysBefore,
        KeysAfter = KeysAfter,
        Rotary = Theta == 0 ? null : new Rotary(HeadSize, Theta),
    };

    /// <summary>The sequences [first, end) alone.</summary>
    public AttentionCase Part(int first, int end) => new(Heads, HeadSize, Lengths[first..end], keyValueHeads: KeyValueHeads)
    {
        Qkv = Qkv[(Offsets[first] * Width)..(Offsets[end] * Width)],
        KeysBefore = KeysBefore,
        KeysAfter = KeysAfter,
        Theta = Theta,
        Gradient = Gradient[(Offsets[first] * Hidden)..(Offsets[end] * Hidden)],
        Dropout = Dropout,
    };

    public (float[] Output, float[] InputGradient) Run(
        int threads = 1,
        AttentionCapture? capture = null,
        TapeMode mode = TapeMode.Training,
        ulong seed = 7,
        ulong step = 3,
        string? path = null)
    {
        using var backend = Backend.Create(path, threads);
        using var tape = new Tape(backend);
        return Run(tape, capture, mode, seed, step);
    }

    public (float[] Output, float[] InputGradient) Run(Tape tape, AttentionCapture? capture, TapeMode mode, ulong seed, ulong step)
    {
        tape.Begin(mode, seed, step);
        Tensor qkv = tape.Variable(Qkv, Tokens, Width);
        Tensor output = tape.Attention(qkv, Offsets, Settings, capture);
        float[] values = output.ToArray();
        if (mode == TapeMode.Inference) return (values, []);
        tape.SeedGradient(output, Gradient);
        tape.Backward();
        return (values, tape.GradientOf(qkv).ToArray());
    }

    /// <summary>Where the keys and the values of a head begin in a row of <see cref="Qkv"/>.</summary>
    public (int Key, int Value) KeyColumns(int head)
    {
        int column = Hidden + (head / (Heads / KeyValueHeads) * HeadSize);
        return (column, column + (KeyValueHeads * HeadSize));
    }

    public AttentionReference ReferenceOf(int sequence, int head, double[][]? factors = null)
    {
        (int key, int value) = KeyColumns(head);
        double[][] q = Columns(Qkv, Width, sequence, head * HeadSize), k = Columns(Qkv, Width, sequence, key);
        if (Theta != 0) (q, k) = (AttentionReference.Turn(q, Theta), AttentionReference.Turn(k, Theta));
        return new AttentionReference(q, k, Columns(Qkv, Width, sequence, value), Settings.Scale, factors,
            (i, j) => i - j <= (KeysBefore ?? i) && j - i <= (KeysAfter ?? j));
    }

    /// <summary>A head's columns of a sequence's rows: [length][head size].</summary>
    public double[][] Columns(float[] matrix, int rowLength, int sequence, int firstColumn) =>
    [
        .. Enumerable.Range(Offsets[sequence], Lengths[sequence]).Select(t =>
            Enumerable.Range(0, HeadSize).Select(c => (double)matrix[(t * rowLength) + firstColumn + c]).ToArray()),
    ];

    /// <summary>
    /// Largest difference between a head's columns of a result and the reference, relative to the reference's largest element.
    /// </summary>
    public double Difference(double[][] expected, float[] matrix, int rowLength, int sequence, int firstColumn)
    {
        double[][] found = Columns(matrix, rowLength, sequence, firstColumn);
        double largest = 1e-30, difference = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            for (int c = 0; c < HeadSize; c++)
            {
                Assert.True(float.IsFinite((float)found[i][c]), $"not finite at sequence {sequence}, token {i}, column {firstColumn + c}");
                largest = Math.Max(largest, Math.Abs(expected[i][c]));
                difference = Math.Max(difference, Math.Abs(expected[i][c] - found[i][c]));
            }
        }

        return difference / largest;
    }

    private static float[] Normal(Random random, int count, float spread)
    {
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
            values[i] = spread * (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}

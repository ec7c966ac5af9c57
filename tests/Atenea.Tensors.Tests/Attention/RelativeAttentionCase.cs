namespace Atenea.Tensors.Tests;

/// <summary>A batch with random queries, keys, values and tables of relative positions, and what attention makes of it.</summary>
internal sealed class RelativeAttentionCase
{
    public const int FirstRow = 3;

    public RelativeAttentionCase(string kind, int heads, int size, int[] lengths, int span = 1 << 20, int reach = 0)
    {
        (Kind, Heads, Size, Lengths) = (kind, heads, size, lengths);
        Offsets = new int[lengths.Length + 1];
        for (int s = 0; s < lengths.Length; s++) Offsets[s + 1] = Offsets[s] + lengths[s];
        Reach = Math.Max(reach, lengths.Max()) - 1;
        int clamp = Math.Min(span, Reach);
        RowOf = distance => FirstRow + clamp + Math.Clamp(distance, -clamp, clamp);
        Rows = (2 * clamp) + 1;
        Qkv = RandomValues.Normal(Tokens * 3 * Hidden, 1);
        Gradient = RandomValues.Normal(Tokens * Hidden, 2);
        Keys = kind.Contains("c2p", StringComparison.Ordinal) ? RandomValues.Normal(Rows * Hidden, 3, 0.7f) : null;
        Queries = kind.Contains("p2c", StringComparison.Ordinal) ? RandomValues.Normal(Rows * Hidden, 4, 0.7f) : null;
        Bias = kind == "bias" ? RandomValues.Normal((Rows + FirstRow) * heads, 5) : null;
    }

    public string Kind { get; }

    public int Heads { get; }

    public int Size { get; }

    public int Hidden => Heads * Size;

    public int[] Lengths { get; }

    public int[] Offsets { get; }

    public int Tokens => Offsets[^1];

    public int Reach { get; }

    public int Rows { get; }

    public Func<int, int> RowOf { get; }

    public float[] Qkv { get; init; }

    public float[] Gradient { get; init; }

    public float[]? Keys { get; init; }

    public float[]? Queries { get; init; }

    public float[]? Bias { get; init; }

    public float Dropout { get; init; }

    public AttentionSettings Settings => new(Heads, 0.6f / MathF.Sqrt(Size), Dropout);

    /// <summary>
    /// Output, then the gradients of queries, keys and values and of the tables that there are, for <see cref="Gradient"/> or what
    /// <paramref name="seed"/> seeds.
    /// </summary>
    public float[][] Run(Tape tape, AttentionCapture? capture = null, Action<Tensor>? seed = null, bool headByHead = false)
    {
        tape.Begin(TapeMode.Training, seed: 7, step: 3);
        Tensor qkv = tape.Variable(headByHead ? Shuffle(Qkv, back: false) : Qkv, Tokens, 3 * Hidden);
        Tensor keys = Keys is null ? default : tape.Variable(Keys, Rows, Hidden);
        Tensor queries = Queries is null ? default : tape.Variable(Queries, Rows, Hidden);
        using Parameter? bias = Bias is null ? null : OperationHarness.Parameter("bias", Bias, Rows + FirstRow, Heads);
        int firstRow = bias is null ? FirstRow : 0;
        var positions = new RelativePositions(Reach, RowOf);
        var terms = new RelativeTerms(positions) { Bias = bias, Keys = keys, Queries = queries, FirstRow = firstRow };
        Tensor output = tape.Attention(qkv, Offsets, Settings with { HeadByHead = headByHead }, terms, capture);
        float[] values = output.ToArray();
        if (seed is null) tape.SeedGradient(output, Gradient);
        else seed(output);
        tape.Backward();
        float[] dQkv = tape.GradientOf(qkv).ToArray();
        List<float[]> results = [values, headByHead ? Shuffle(dQkv, back: true) : dQkv];
        if (Keys is not null) results.Add(tape.GradientOf(keys).ToArray());
        if (Queries is not null) results.Add(tape.GradientOf(queries).ToArray());
        if (bias is not null) results.Add(bias.GradientToArray());
        return [.. results];
    }

    public double[][] Reference(Func<int, int, int, int, double>? factor = null)
    {
        int shift = Bias is null ? FirstRow : 0;
        var reference = new RelativeAttentionReference(Heads, Size, Settings.Scale, Offsets, distance => RowOf(distance) - shift)
        {
            Qkv = Qkv.Double(),
            Keys = Keys?.Double(),
            Queries = Queries?.Double(),
            Bias = Bias?.Double(),
            Factor = factor ?? ((_, _, _, _) => 1),
        };
        RelativeAttentionReference.Gradients g = reference.Backward(Gradient.Double());
        return [.. new[] { reference.Forward(), g.Qkv, g.Keys, g.Queries, g.Bias }.OfType<double[]>()];
    }

    /// <summary>The sequence alone.</summary>
    public RelativeAttentionCase Part(int s) => new(Kind, Heads, Size, [Lengths[s]], reach: Reach + 1)
    {
        Qkv = Qkv[(Offsets[s] * 3 * Hidden)..(Offsets[s + 1] * 3 * Hidden)],
        Gradient = Gradient[(Offsets[s] * Hidden)..(Offsets[s + 1] * Hidden)],
        Keys = Keys,
        Queries = Queries,
        Bias = Bias,
    };

    /// <summary>From queries, keys, values of all heads to head after head, or back.</summary>
    private float[] Shuffle(float[] matrix, bool back)
    {
        var result = new float[matrix.Length];
        for (int row = 0; row < Tokens; row++)
        {
            for (int part = 0; part < 3; part++)
            {
                for (int head = 0; head < Heads; head++)
                {
                    int apart = (row * 3 * Hidden) + (part * Hidden) + (head * Size);
                    int together = (row * 3 * Hidden) + (((head * 3) + part) * Size);
                    matrix.AsSpan(back ? together : apart, Size).CopyTo(result.AsSpan(back ? apart : together));
                }
            }
        }

        return result;
    }
}

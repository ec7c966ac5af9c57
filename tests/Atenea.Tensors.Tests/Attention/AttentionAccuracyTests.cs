namespace Atenea.Tensors.Tests;

public class AttentionAccuracyTests
{
    public static TheoryData<int, int[]> Shapes => new()
    {
        { 1, [1, 2, 3, 17] },
        { 4, [7, 1, 16] },
        { 5, [1, 2, 15, 16, 17, 33] },
        { 8, [49, 48, 47, 5] },
        { 32, [1, 2, 15, 16, 17, 22, 33, 60] },
        { 64, [128, 1, 100] },
        { 80, [33, 15, 96, 97] },
        { 24, [513] },
        { 64, [513, 2] },
        { 16, [1100] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_and_backward_equal_the_reference(int headSize, int[] lengths)
    {
        var batch = new AttentionCase(2, headSize, lengths);
        (float[] output, float[] gradient) = batch.Run(threads: 2);
        for (int s = 0; s < lengths.Length; s++)
        {
            for (int head = 0; head < batch.Heads; head++)
                CompareWithReference(batch, s, head, batch.ReferenceOf(s, head), output, gradient);
        }
    }

    [Fact]
    public void Reference_gradients_equal_finite_differences()
    {
        var batch = new AttentionCase(1, 3, [5]);
        var random = new Random(3);
        double[] Row() => [.. Enumerable.Range(0, 5).Select(_ => random.NextDouble() < 0.3 ? 0 : 1 / 0.7)];
        double[][] factors = [.. Enumerable.Range(0, 5).Select(_ => Row())];
        double[][] weights = batch.Columns(batch.Gradient, 3, 0, 0);
        double[][][] parts = [.. Enumerable.Range(0, 3).Select(part => batch.Columns(batch.Qkv, 9, 0, 3 * part))];
        (double[][] q, double[][] k, double[][] v) = Reference().Backward(weights);
        double[][][] gradients = [q, k, v];

        AttentionReference Reference() => new(parts[0], parts[1], parts[2], 0.6, factors);
        double Loss() => Reference().Context.Zip(weights, (c, w) => c.Zip(w, (x, y) => x * y).Sum()).Sum();
        const double Step = 1e-5;
        for (int part = 0; part < 3; part++)
        {
            for (int i = 0; i < 5; i++)
            {
                for (int c = 0; c < 3; c++)
                {
                    double original = parts[part][i][c];
                    parts[part][i][c] = original + Step;
                    double above = Loss();
                    parts[part][i][c] = original - Step;
                    double below = Loss();
                    parts[part][i][c] = original;
                    Assert.Equal((above - below) / (2 * Step), gradients[part][i][c], 1e-8);
                }
            }
        }
    }

    [Fact]
    public void Scores_of_ten_thousand_neither_overflow_nor_lose_the_largest()
    {
        // Keys are multiples of one direction: scores run from -1e4 to 1e4 and softmax picks one key.
        const int Size = 32, Length = 40;
        var batch = new AttentionCase(1, Size, [Length]);
        for (int t = 0; t < Length; t++)
        {
            for (int c = 0; c < Size; c++)
            {
                batch.Qkv[(t * 3 * Size) + c] = t % 2 == 0 ? 42f : -42f;
                batch.Qkv[(t * 3 * Size) + Size + c] = 42f * ((2f * t / (Length - 1)) - 1f);
            }
        }

        (float[] output, float[] gradient) = batch.Run();
        AttentionReference reference = batch.ReferenceOf(0, 0);
        double[][] values = batch.Columns(batch.Qkv, 3 * Size, 0, 2 * Size);
        for (int t = 0; t < Length; t++) Assert.Equal(values[t % 2 == 0 ? Length - 1 : 0], batch.Columns(output, Size, 0, 0)[t]);

        // Softmax is saturated: queries and keys get nothing but the rounding of dP - rowsum(dO * O), times keys and queries of 42.
        (double[][] q, double[][] k, double[][] v) = reference.Backward(batch.Columns(batch.Gradient, Size, 0, 0));
        Assert.InRange(batch.Difference(v, gradient, 3 * Size, 0, 2 * Size), 0, 1e-6);
        Assert.InRange(Largest(q), 0, 1e-3);
        Assert.InRange(Largest(k), 0, 1e-3);
        Assert.InRange(Largest(batch.Columns(gradient, 3 * Size, 0, 0)), 0, 1e-3);
        Assert.InRange(Largest(batch.Columns(gradient, 3 * Size, 0, Size)), 0, 1e-3);

        static double Largest(double[][] matrix) => matrix.Max(row => row.Max(Math.Abs));
    }

    [Fact]
    public void A_gradient_that_is_there_is_added_to()
    {
        var batch = new AttentionCase(3, 20, [9, 30]);
        float[] once = batch.Run().InputGradient;
        float[] start = [.. Enumerable.Range(0, once.Length).Select(i => i % 7 * 0.25f)];
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Training);
        Tensor qkv = tape.Variable(batch.Qkv, batch.Tokens, 3 * batch.Hidden);
        Tensor output = tape.Attention(qkv, batch.Offsets, batch.Settings);
        tape.SeedGradient(qkv, start);
        tape.SeedGradient(output, batch.Gradient);
        tape.Backward();
        Assert.Equal(once.Zip(start, (g, s) => s + g), tape.GradientOf(qkv).ToArray());
    }

    [Fact]
    public void Two_attentions_of_one_input_add_their_gradients()
    {
        var batch = new AttentionCase(2, 8, [6, 3]);
        float[] once = batch.Run().InputGradient;
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Training);
        Tensor qkv = tape.Variable(batch.Qkv, batch.Tokens, 3 * batch.Hidden);
        Tensor first = tape.Attention(qkv, batch.Offsets, batch.Settings);
        Tensor second = tape.Attention(qkv, batch.Offsets, batch.Settings);
        tape.SeedGradient(first, batch.Gradient);
        tape.SeedGradient(second, batch.Gradient);
        tape.Backward();
        Assert.Equal(once.Select(g => g + g), tape.GradientOf(qkv).ToArray());
    }

    [Fact]
    public void Captured_probabilities_equal_the_reference_and_are_those_before_dropout()
    {
        var batch = new AttentionCase(3, 12, [5, 37, 16]) { Dropout = 0.5f };
        var capture = new AttentionCapture();
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        batch.Run(tape, capture, TapeMode.Training, 7, 3);
        Assert.Equal((3, 3), (capture.Heads, capture.Sequences));
        for (int s = 0; s < 3; s++)
        {
            int length = capture.Queries(s);
            Assert.Equal((batch.Lengths[s], batch.Lengths[s]), (length, capture.Keys(s)));
            ReadOnlySpan<float> probabilities = capture.Probabilities.ToArray()[capture.RangeOf(s)];
            Assert.Equal(3 * length * length, probabilities.Length);
            for (int head = 0; head < 3; head++)
            {
                double[][] expected = batch.ReferenceOf(s, head).Probabilities;
                for (int i = 0; i < length; i++)
                {
                    for (int j = 0; j < length; j++)
                        Assert.Equal(expected[i][j], probabilities[(((head * length) + i) * length) + j], 1e-6);
                }
            }
        }
    }

    [Fact]
    public void Empty_sequences_and_an_empty_batch_are_allowed()
    {
        var full = new AttentionCase(2, 8, [4, 3]);
        var gaps = new AttentionCase(2, 8, [0, 4, 0, 3, 0]);
        Assert.Equal(full.Run().Output, gaps.Run(threads: 2).Output);
        Assert.Equal(full.Run().InputGradient, gaps.Run(threads: 2).InputGradient);
        Assert.Empty(new AttentionCase(2, 8, []).Run(mode: TapeMode.Inference).Output);
    }

    internal static void CompareWithReference(
        AttentionCase batch, int sequence, int head, AttentionReference reference, float[] output, float[] gradient, double floor = 2e-6)
    {
        // One float32 chain of n products errs by about sqrt(n) roundings.
        double tolerance = floor + (6e-8 * Math.Sqrt(batch.Lengths[sequence] + batch.HeadSize));
        int column = head * batch.HeadSize, hidden = batch.Hidden;
        Assert.InRange(batch.Difference(reference.Context, output, hidden, sequence, column), 0, tolerance);
        (double[][] q, double[][] k, double[][] v) = reference.Backward(batch.Columns(batch.Gradient, hidden, sequence, column));
        Assert.InRange(batch.Difference(v, gradient, 3 * hidden, sequence, (2 * hidden) + column), 0, tolerance);
        if (batch.Lengths[sequence] == 1) return; // softmax over one key is constant: gradients of query and key are zero but for rounding
        Assert.InRange(batch.Difference(q, gradient, 3 * hidden, sequence, column), 0, tolerance);
        Assert.InRange(batch.Difference(k, gradient, 3 * hidden, sequence, hidden + column), 0, tolerance);
    }
}

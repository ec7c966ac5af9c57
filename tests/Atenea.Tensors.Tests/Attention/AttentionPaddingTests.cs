using Atenea.Errors;

namespace Atenea.Tensors.Tests;

/// <summary>Padding that sees and is not seen, and queries that see nothing.</summary>
[Collection(EngineCollection.Name)]
public sealed class AttentionPaddingTests
{
    private const int Heads = 2, Size = 8, Width = 3 * Heads * Size;
    private static readonly int[] Lengths = [70, 9, 17], Padding = [20, 0, 16], Offsets = [0, 70, 79, 96];

    [Theory]
    [InlineData(null)]
    [InlineData(4)]
    public void Equals_the_reference_on_every_path(int? window)
    {
        float[] input = RandomValues.Normal(Offsets[^1] * Width, 1), weights = RandomValues.Normal(Offsets[^1] * Heads * Size, 2);
        var settings = new AttentionSettings(Heads, 0.35f) { KeysBefore = window, KeysAfter = window, Padding = Padding };
        float[][] results = EveryPath.SameBits(tape => Run(tape, input, weights, settings));
        for (int s = 0; s < Lengths.Length; s++)
        {
            for (int head = 0; head < Heads; head++)
            {
                int real = Lengths[s] - Padding[s];
                bool Window(int query, int key) => window is not { } reach || Math.Abs(query - key) <= reach;
                bool Sees(int query, int key) => key < real && Window(query, key);
                bool Blind(int query) => !Enumerable.Range(0, Lengths[s]).Any(key => Sees(query, key));
                // A query that sees nothing is given equal scores here: a zero query has them, and the same gradient of values.
                double[][] q = Part(input, s, head, 0), k = Part(input, s, head, 1), v = Part(input, s, head, 2);
                for (int i = 0; i < q.Length; i++)
                {
                    if (Blind(i)) q[i] = new double[Size];
                }

                var reference = new AttentionReference(q, k, v, 0.35, sees: (query, key) => Blind(query) || Sees(query, key));
                Compare(reference.Context, results[0], s, head * Size, Heads * Size);
                (_, _, double[][] value) = reference.Backward(Rows(weights, s, head * Size, Heads * Size));
                Compare(value, results[1], s, (2 * Heads * Size) + (head * Size), Width);
            }
        }
    }

    [Fact]
    public void Tokens_are_what_they_are_without_the_padding_beside_them()
    {
        float[] input = RandomValues.Normal(Lengths[0] * Width, 1);
        using var team = new WorkerTeam(2);
        using var tape = new Tape(team);
        int real = Lengths[0] - Padding[0];
        tape.Begin(TapeMode.Inference);
        Tensor padded = tape.Attention(tape.Input(input, Lengths[0], Width), [0, Lengths[0]], new AttentionSettings(Heads, 0.35f) { Padding = new[] { Padding[0] } });
        Tensor alone = tape.Attention(tape.Input(input.AsSpan(0, real * Width), real, Width), [0, real], new AttentionSettings(Heads, 0.35f));
        for (int row = 0; row < real; row++)
        {
            for (int i = 0; i < alone.Columns; i++) Assert.Equal(alone.Row(row)[i], padded.Row(row)[i], 1e-6f);
        }
    }

    [Fact]
    public void Blind_padding_has_even_probabilities_and_its_scores_get_no_gradient()
    {
        float[] input = RandomValues.Normal(Lengths[2] * Width, 3), weights = new float[Lengths[2] * Heads * Size];
        weights.AsSpan(^(Heads * Size)..).Fill(1); // the last row's context alone
        var settings = new AttentionSettings(Heads, 0.35f) { Padding = new[] { 3 }, PaddingIsBlind = true };
        using var team = new WorkerTeam(1);
        using var tape = new Tape(team);
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable(input, Lengths[2], Width);
        var capture = new AttentionCapture();
        Tensor context = tape.Attention(x, [0, Lengths[2]], settings, capture);
        tape.SeedGradient(context, weights);
        tape.Backward();
        float[] gradient = tape.GradientOf(x).ToArray();
        for (int row = 0; row < Lengths[2]; row++)
        {
            for (int column = 0; column < Width; column++)
                Assert.Equal(column < 2 * Heads * Size ? 0 : 1f / Lengths[2], gradient[(row * Width) + column], 1e-7f);
        }

        Assert.All(capture.Probabilities(0)[(14 * 17)..(17 * 17)].ToArray(), p => Assert.Equal(1f / Lengths[2], p, 1e-7f));
    }

    [Fact]
    public void Padding_that_does_not_fit_is_refused()
    {
        using var team = new WorkerTeam(1);
        using var tape = new Tape(team);
        tape.Begin(TapeMode.Inference);
        Tensor x = tape.Input(new float[4 * Width], 4, Width);
        foreach (int[] padding in (int[][])[[1, 1], [5], [-1]])
        {
            Assert.Equal(Catalogue.ShapeMismatch, Assert.Throws<AteneaException>(() =>
                tape.Attention(x, [0, 4], new AttentionSettings(Heads, 1f) { Padding = padding })).Code);
        }
    }

    private static float[][] Run(Tape tape, float[] input, float[] weights, AttentionSettings settings)
    {
        tape.Begin(TapeMode.Evaluation);
        Tensor x = tape.Variable(input, Offsets[^1], Width);
        Tensor context = tape.Attention(x, Offsets, settings);
        tape.SeedGradient(context, weights);
        tape.Backward();
        return [context.Span.ToArray(), tape.GradientOf(x).ToArray()];
    }

    private static double[][] Part(float[] input, int sequence, int head, int part) => Rows(input, sequence, (part * Heads * Size) + (head * Size), Width);

    private static double[][] Rows(float[] values, int sequence, int column, int width) =>
        [.. Enumerable.Range(Offsets[sequence], Lengths[sequence]).Select(row => values[((row * width) + column)..((row * width) + column + Size)].Select(x => (double)x).ToArray())];

    private static void Compare(double[][] expected, float[] found, int sequence, int column, int width)
    {
        double[][] actual = Rows(found, sequence, column, width);
        for (int row = 0; row < expected.Length; row++)
        {
            for (int i = 0; i < Size; i++) Assert.Equal(expected[row][i], actual[row][i], 5e-6);
        }
    }
}

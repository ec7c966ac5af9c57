using Atenea.Errors;

namespace Atenea.Tensors.Tests;

public sealed class RelativeAttentionTests
{
    private static readonly string[] Kinds = ["bias", "c2p", "p2c", "c2p p2c"];

    public static TheoryData<string, int, int[], int> Shapes
    {
        get
        {
            var shapes = new TheoryData<string, int, int[], int>();
            foreach (string kind in Kinds)
            {
                shapes.Add(kind, 1, [3, 1, 20], 100);
                shapes.Add(kind, 5, [1, 2, 15, 16, 17, 33], 100);
                shapes.Add(kind, 16, [49, 48, 47, 5], 9);
                shapes.Add(kind, 32, [22, 128, 1, 100, 97], 100);
                shapes.Add(kind, 20, [513, 2, 130], 64);
            }

            return shapes;
        }
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Forward_and_backward_equal_the_reference_on_every_path(string kind, int size, int[] lengths, int span)
    {
        var batch = new RelativeAttentionCase(kind, 2, size, lengths, span);
        float[][] results = EveryPath.SameBits(tape => batch.Run(tape));
        double[][] expected = batch.Reference();
        Assert.Equal(expected.Length, results.Length);
        for (int i = 0; i < expected.Length; i++) Close($"result {i}", results[i], expected[i], lengths.Max() + size);
    }

    [Theory]
    [InlineData(1040)]
    [InlineData(4112)]
    public void Long_sequences_equal_the_reference(int length)
    {
        // Blocks of queries are shorter from 1024 and from 4096 tokens on.
        var batch = new RelativeAttentionCase("c2p p2c", 1, 2, [length, 50], 300);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[][] results = batch.Run(tape);
        double[][] expected = batch.Reference();
        for (int i = 0; i < expected.Length; i++) Close($"result {i}", results[i], expected[i], length);
    }

    [Fact]
    public void Reference_gradients_equal_finite_differences()
    {
        foreach (string kind in Kinds)
        {
            var batch = new RelativeAttentionCase(kind, 2, 3, [5, 2], 3);
            double[][] gradients = batch.Reference();
            float[]?[] parts = [batch.Qkv, batch.Keys, batch.Queries, batch.Bias];
            double[][] operands = [.. parts.OfType<float[]>().Select(values => values.Double())];
            for (int i = 0; i < operands.Length; i++)
            {
                int changed = i;
                GradientCheck.Matches($"{kind} {i}", [.. gradients[i + 1].Select(g => (float)g)], operands[i], values =>
                {
                    double[][] all = [.. operands];
                    all[changed] = values;
                    int shift = kind == "bias" ? 0 : RelativeAttentionCase.FirstRow;
                    var reference = new RelativeAttentionReference(2, 3, batch.Settings.Scale, batch.Offsets, d => batch.RowOf(d) - shift)
                    {
                        Qkv = all[0],
                        Keys = batch.Keys is null ? null : all[1],
                        Queries = batch.Queries is null ? null : all[^1],
                        Bias = batch.Bias is null ? null : all[1],
                    };
                    return GradientCheck.Dot(reference.Forward(), batch.Gradient);
                });
            }
        }
    }

    [Theory]
    [InlineData("bias")]
    [InlineData("c2p p2c")]
    public void Alone_or_in_any_batch(string kind)
    {
        var batch = new RelativeAttentionCase(kind, 3, 16, [22, 500, 1, 45, 128]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[][] together = batch.Run(tape);
        for (int s = 0; s < batch.Lengths.Length; s++)
        {
            float[][] alone = batch.Part(s).Run(tape);
            (int first, int end) = (batch.Offsets[s] * batch.Hidden, batch.Offsets[s + 1] * batch.Hidden);
            EveryPath.AssertSame(together[0].AsSpan()[first..end], alone[0], $"output {s}");
            EveryPath.AssertSame(together[1].AsSpan()[(3 * first)..(3 * end)], alone[1], $"gradient {s}");
        }
    }

    [Fact]
    public void Head_by_head_gives_the_same_bits()
    {
        var batch = new RelativeAttentionCase("c2p p2c", 3, 20, [22, 60, 1]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[][] apart = batch.Run(tape), together = batch.Run(tape, headByHead: true);
        for (int i = 0; i < apart.Length; i++) EveryPath.AssertSame(apart[i], together[i], $"result {i}");
    }

    [Fact]
    public void Dropout_is_that_of_plain_attention_and_reaches_every_gradient()
    {
        var batch = new RelativeAttentionCase("c2p p2c", 2, 8, [20, 7]) { Dropout = 0.3f };
        var plain = new AttentionCase(2, 8, [20, 7]) { Dropout = 0.3f };
        float[][] results = EveryPath.SameBits(tape => batch.Run(tape));
        double[][][] factors = [.. Enumerable.Range(0, 4).Select(n => AttentionDropoutTests.Factors(plain, n / 2, n % 2))];
        double[][] expected = batch.Reference((s, head, i, j) => factors[(2 * s) + head][i][j]);
        for (int i = 0; i < expected.Length; i++) Close($"result {i}", results[i], expected[i], 28);
    }

    [Fact]
    public void Captured_probabilities_do_not_change_the_result()
    {
        var batch = new RelativeAttentionCase("c2p p2c", 2, 8, [20, 7]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        var capture = new AttentionCapture();
        float[][] without = batch.Run(tape), with = batch.Run(tape, capture);
        EveryPath.AssertSame(without[0], with[0], "output");
        float[] probabilities = capture.Probabilities.ToArray()[capture.RangeOf(1)];
        for (int row = 0; row < 2 * 7; row++) Assert.Equal(1, probabilities.AsSpan(row * 7, 7).ToArray().Sum(), 1e-6);
    }

    [Fact]
    public void Terms_without_a_gradient_of_the_input_collect_theirs()
    {
        var batch = new RelativeAttentionCase("c2p p2c", 2, 8, [20, 7]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        float[][] all = batch.Run(tape);
        tape.Begin(TapeMode.Training);
        Tensor keys = tape.Variable(batch.Keys!, batch.Rows, batch.Hidden), queries = tape.Input(batch.Queries!, batch.Rows, batch.Hidden);
        var positions = new RelativePositions(batch.Reach, batch.RowOf);
        var terms = new RelativeTerms(positions) { Keys = keys, Queries = queries, FirstRow = RelativeAttentionCase.FirstRow };
        Tensor output = tape.Attention(tape.Input(batch.Qkv, batch.Tokens, 3 * batch.Hidden), batch.Offsets, batch.Settings, terms);
        tape.SeedGradient(output, batch.Gradient);
        tape.Backward();
        EveryPath.AssertSame(all[2], tape.GradientOf(keys), "keys");
    }

    [Fact]
    public void What_does_not_fit_is_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor qkv = tape.Input(new float[5 * 24], 5, 24), table = tape.Input(new float[9 * 8], 9, 8);
        Tensor narrow = tape.Input(new float[9 * 4], 9, 4);
        var positions = new RelativePositions(4, distance => distance + 4);
        var settings = new AttentionSettings(2, 1f);
        tape.Attention(qkv, [0, 5], settings, new RelativeTerms(positions) { Keys = table });
        Refused(settings, new RelativeTerms(positions) { Keys = narrow });
        Refused(settings, new RelativeTerms(positions) { Keys = table, FirstRow = 1 });
        Refused(settings, new RelativeTerms(new RelativePositions(3, distance => distance + 3)) { Keys = table });
        Refused(settings with { KeysAfter = 0 }, new RelativeTerms(positions) { Keys = table });
        using var bias = new Parameter("bias", 9, 2);
        Refused(settings, new RelativeTerms(positions) { Keys = table, Bias = bias });
        Refused(settings with { Heads = 4 }, new RelativeTerms(positions) { Bias = bias });

        void Refused(AttentionSettings refused, RelativeTerms terms) =>
            Assert.Equal("ATN0602", Assert.Throws<AteneaException>(() => tape.Attention(qkv, [0, 5], refused, terms)).Code.Id);
    }

    // One float32 chain of n products errs by about sqrt(n) roundings; the largest element sets the scale.
    private static void Close(string name, float[] actual, double[] expected, int depth)
    {
        double largest = expected.Max(Math.Abs), tolerance = (3e-6 + (1.2e-7 * Math.Sqrt(depth))) * Math.Max(largest, 1e-3);
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < actual.Length; i++)
        {
            string found = $"{name}[{i}]: {actual[i]:R}, expected {expected[i]:R}, largest {largest}";
            Assert.True(Math.Abs(actual[i] - expected[i]) <= tolerance, found);
        }
    }
}

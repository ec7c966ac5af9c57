using Atenea.Errors;

namespace Atenea.Tensors.Tests;

/// <summary>Causal and local attention, shared heads of keys, rotary positions, and all of them together.</summary>
public class AttentionVariantsTests
{
    public static TheoryData<string, int, int[]> Cases()
    {
        var cases = new TheoryData<string, int, int[]>();
        foreach (string variant in new[] { "causal", "window 4", "window 64", "causal window 5", "shared", "rotary", "all" })
        {
            cases.Add(variant, 8, [1, 5, 15, 16, 17, 33, 60]);
            cases.Add(variant, 64, [128, 1, 100, 50]);
            cases.Add(variant, 20, [300, 49]);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Equals_the_reference(string variant, int headSize, int[] lengths)
    {
        AttentionCase batch = Of(variant, headSize, lengths);
        var capture = new AttentionCapture();
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        (float[] output, float[] gradient) = batch.Run(tape, capture, TapeMode.Training, 7, 3);
        float[] captured = capture.Probabilities.ToArray();
        for (int s = 0; s < lengths.Length; s++)
        {
            int n = lengths[s];
            double tolerance = 4e-6 + (1e-7 * Math.Sqrt(n + headSize));
            for (int group = 0; group < batch.KeyValueHeads; group++)
            {
                double[][] keys = Zeros(n, headSize), values = Zeros(n, headSize);
                int shared = batch.Heads / batch.KeyValueHeads;
                for (int head = group * shared; head < (group + 1) * shared; head++)
                {
                    AttentionReference reference = batch.ReferenceOf(s, head);
                    Assert.InRange(batch.Difference(reference.Context, output, batch.Hidden, s, head * headSize), 0, tolerance);
                    double[][] seed = batch.Columns(batch.Gradient, batch.Hidden, s, head * headSize);
                    (double[][] q, double[][] k, double[][] v) = reference.Backward(seed);
                    if (batch.Theta != 0) q = AttentionReference.Turn(q, batch.Theta, back: true);
                    if (n > 1) Assert.InRange(batch.Difference(q, gradient, batch.Width, s, head * headSize), 0, tolerance);
                    Add(keys, k);
                    Add(values, v);
                    for (int i = 0; i < n; i++)
                    {
                        for (int j = 0; j < n; j++)
                        {
                            int at = capture.RangeOf(s).Start.Value + (((head * n) + i) * n) + j;
                            Assert.Equal(reference.Probabilities[i][j], captured[at], 1e-6);
                        }
                    }
                }

                if (batch.Theta != 0) keys = AttentionReference.Turn(keys, batch.Theta, back: true);
                (int key, int value) = batch.KeyColumns(group * shared);
                Assert.InRange(batch.Difference(values, gradient, batch.Width, s, value), 0, tolerance);
                if (n > 1) Assert.InRange(batch.Difference(keys, gradient, batch.Width, s, key), 0, tolerance);
            }
        }
    }

    [Theory]
    [InlineData("causal")]
    [InlineData("window 4")]
    [InlineData("window 64")]
    [InlineData("shared")]
    [InlineData("rotary")]
    [InlineData("all")]
    public void Has_the_same_bits_on_every_path_and_in_any_batch(string variant)
    {
        foreach ((int headSize, int[] lengths) in new[] { (20, new[] { 22, 1, 600, 49 }), (64, [128, 33]), (8, [18, 6, 1100]) })
        {
            AttentionCase batch = Of(variant, headSize, lengths, dropout: 0.2f);
            EveryPath.SameBits(tape =>
            {
                (float[] values, float[] gradients) = batch.Run(tape, null, TapeMode.Training, 7, 3);
                return [values, gradients];
            });

            AttentionCase plain = Of(variant, headSize, lengths);
            (float[] output, float[] gradient) = plain.Run(threads: 2);
            for (int s = 0; s < lengths.Length; s++)
            {
                (float[] alone, float[] aloneGradient) = plain.Part(s, s + 1).Run();
                (int first, int end) = (plain.Offsets[s], plain.Offsets[s + 1]);
                EveryPath.AssertSame(output.AsSpan()[(first * plain.Hidden)..(end * plain.Hidden)], alone, "alone");
                EveryPath.AssertSame(gradient.AsSpan()[(first * plain.Width)..(end * plain.Width)], aloneGradient, "alone");
            }
        }
    }

    [Fact]
    public void Hidden_keys_cost_nothing_and_change_nothing()
    {
        // The first 40 tokens of a causal sequence do not depend on what follows, to the bit.
        AttentionCase whole = Of("causal", 32, [200]), prefix = new(whole.Heads, 32, [40]) { KeysAfter = 0 };
        whole.Qkv.AsSpan(0, prefix.Qkv.Length).CopyTo(prefix.Qkv);
        EveryPath.AssertSame(prefix.Run().Output, whole.Run().Output.AsSpan(0, 40 * whole.Hidden), "prefix");

        // A window as wide as the sequence hides nothing.
        var open = new AttentionCase(2, 16, [77]);
        var wide = new AttentionCase(2, 16, [77]) { KeysBefore = 76, KeysAfter = 76 };
        (float[] output, float[] gradient) = open.Run();
        (float[] wideOutput, float[] wideGradient) = wide.Run();
        EveryPath.AssertSame(output, wideOutput, "output");
        EveryPath.AssertSame(gradient, wideGradient, "gradient");

        // Scores of a long sequence with a small window take no memory of its length.
        var local = new AttentionCase(1, 8, [20000]) { KeysBefore = 8, KeysAfter = 8 };
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        local.Run(tape, null, TapeMode.Evaluation, 1, 1);
        Assert.InRange(tape.HeldBytes, 0, 24L << 20);
    }

    [Theory]
    [InlineData(0.3f, "causal")]
    [InlineData(0.3f, "window 4")]
    [InlineData(0.5f, "all")]
    public void Dropout_takes_the_same_keys_in_both_directions(float rate, string variant)
    {
        // With values that are the rows of the identity, the context shows the probabilities after dropout, and so the mask.
        const int Length = 64;
        AttentionCase batch = Of(variant, Length, [Length], dropout: rate);
        int valueColumn = batch.KeyColumns(0).Value;
        for (int t = 0; t < Length; t++)
        {
            for (int c = 0; c < Length; c++) batch.Qkv[(t * batch.Width) + valueColumn + c] = t == c ? 1f : 0f;
        }

        (float[] output, float[] gradient) = batch.Run();
        double[][] shown = batch.Columns(output, batch.Hidden, 0, 0), whole = batch.ReferenceOf(0, 0).Probabilities;
        double Factor(double kept, double probability) => probability == 0 || kept == 0 ? 0.0 : 1 / (1.0 - rate);
        double[][] factors = [.. shown.Select((row, i) => row.Select((kept, j) => Factor(kept, whole[i][j])).ToArray())];
        AttentionReference reference = batch.ReferenceOf(0, 0, factors);
        Assert.InRange(batch.Difference(reference.Context, output, batch.Hidden, 0, 0), 0, 4e-6);
        (double[][] q, _, _) = reference.Backward(batch.Columns(batch.Gradient, batch.Hidden, 0, 0));
        if (batch.Theta != 0) q = AttentionReference.Turn(q, batch.Theta, back: true);
        Assert.InRange(batch.Difference(q, gradient, batch.Width, 0, 0), 0, 8e-6);
    }

    [Fact]
    public void Rotary_positions_and_heads_that_do_not_fit_are_refused()
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor qkv = tape.Input(new float[2 * 24], 2, 24);
        int[] offsets = [0, 2];
        foreach (AttentionSettings settings in new[]
        {
            new AttentionSettings(2, 1f) { Rotary = new Rotary(8, 1e4) },
            new AttentionSettings(4, 1f) { KeyValueHeads = 3 },
            new AttentionSettings(4, 1f) { KeyValueHeads = -1 },
        })
        {
            var error = Assert.Throws<AteneaException>(() => tape.Attention(qkv, offsets, settings));
            Assert.Equal(Catalogue.ShapeMismatch, error.Code);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new Rotary(7, 1e4));
    }

    private static AttentionCase Of(string variant, int headSize, int[] lengths, float dropout = 0f) => variant switch
    {
        "causal" => new(2, headSize, lengths) { KeysAfter = 0, Dropout = dropout },
        "window 4" => new(2, headSize, lengths) { KeysBefore = 4, KeysAfter = 4, Dropout = dropout },
        "window 64" => new(2, headSize, lengths) { KeysBefore = 64, KeysAfter = 64, Dropout = dropout },
        "causal window 5" => new(2, headSize, lengths) { KeysBefore = 5, KeysAfter = 0, Dropout = dropout },
        "shared" => new(6, headSize, lengths, keyValueHeads: 2) { Dropout = dropout },
        "rotary" => new(2, headSize, lengths) { Theta = 10000, Dropout = dropout },
        _ => new(4, headSize, lengths, keyValueHeads: 2) { KeysBefore = 31, KeysAfter = 0, Theta = 1e6, Dropout = dropout },
    };

    private static double[][] Zeros(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => new double[columns])];

    private static void Add(double[][] sum, double[][] share)
    {
        for (int i = 0; i < sum.Length; i++)
        {
            for (int c = 0; c < sum[i].Length; c++) sum[i][c] += share[i][c];
        }
    }
}

namespace Atenea.Tensors.Tests;

/// <summary>Losses on the probabilities and the scores of an attention, and what gradient arrives there.</summary>
public sealed class AttentionCaptureTests
{
    private static readonly int[] Lengths = [5, 37, 1, 70];

    [Theory]
    [InlineData("plain", true, true, true)]
    [InlineData("plain", false, true, false)]
    [InlineData("plain", false, false, true)]
    [InlineData("causal", true, true, true)]
    [InlineData("window", true, true, true)]
    [InlineData("dropout", true, true, true)]
    [InlineData("dropout", true, false, false)]
    public void Gradients_equal_the_reference(string variant, bool ofContext, bool ofProbabilities, bool ofScores)
    {
        var batch = new AttentionCase(2, 12, Lengths)
        {
            KeysAfter = variant is "plain" or "dropout" ? null : variant == "causal" ? 0 : 3,
            KeysBefore = variant == "window" ? 3 : null,
            Dropout = variant == "dropout" ? 0.3f : 0,
        };
        int elements = Lengths.Sum(length => batch.Heads * length * length);
        float[] probabilitySeed = RandomValues.Normal(elements, 5), scoreSeed = RandomValues.Normal(elements, 6);
        var capture = new AttentionCapture { WantsScores = true };
        float[][] found = EveryPath.SameBits(tape =>
        {
            tape.Begin(TapeMode.Training, 7, 3);
            tape.KeepGradients();
            Tensor qkv = tape.Variable(batch.Qkv, batch.Tokens, batch.Width);
            Tensor context = tape.Attention(qkv, batch.Offsets, batch.Settings, capture);
            if (ofContext) tape.SeedGradient(context, batch.Gradient);
            if (ofProbabilities) tape.SeedGradient(capture.Probabilities, probabilitySeed);
            if (ofScores) tape.SeedGradient(capture.Scores, scoreSeed);
            tape.Backward();
            return
            [
                tape.GradientOf(qkv).ToArray(), tape.GradientOf(capture.Probabilities).ToArray(), tape.GradientOf(capture.Scores).ToArray(),
                capture.Scores.ToArray(),
            ];
        }, variant is "causal" or "window" ? null : 2e-5); // the gradient of a key that a query does not see has no meaning
        for (int s = 0; s < Lengths.Length; s++)
        {
            for (int head = 0; head < batch.Heads; head++)
            {
                double[][]? factors = variant == "dropout" ? AttentionDropoutTests.Factors(batch, s, head) : null;
                AttentionReference reference = batch.ReferenceOf(s, head, factors);
                double[][] Seed(float[] values) => Captured(values, batch, capture, s, head);
                float[] seed = ofContext ? batch.Gradient : new float[batch.Gradient.Length];
                double[][] gradient = batch.Columns(seed, batch.Hidden, s, head * batch.HeadSize);
                (double[][] q, double[][] k, double[][] v) = reference.Backward(
                    gradient, ofProbabilities ? Seed(probabilitySeed) : null, ofScores ? Seed(scoreSeed) : null);
                (int key, int value) = batch.KeyColumns(head);
                Close(q, batch.Columns(found[0], batch.Width, s, head * batch.HeadSize), _ => true);
                Close(k, batch.Columns(found[0], batch.Width, s, key), _ => true);
                Close(v, batch.Columns(found[0], batch.Width, s, value), _ => true);
                Close(reference.ProbabilityGradient, Seed(found[1]), Seen);
                Close(reference.ScoreGradient, Seed(found[2]), Seen);

                bool Seen((int Query, int Key) at) => reference.Probabilities[at.Query][at.Key] != 0;
                double[][] scores = Seed(found[3]);
                double[][] queries = batch.Columns(batch.Qkv, batch.Width, s, head * batch.HeadSize);
                double[][] keys = batch.Columns(batch.Qkv, batch.Width, s, key);
                for (int i = 0; i < scores.Length; i++)
                {
                    for (int j = 0; j < scores.Length; j++)
                    {
                        double product = queries[i].Zip(keys[j], (a, b) => a * b).Sum() * batch.Settings.Scale;
                        Assert.Equal(Seen((i, j)) ? product : 0, scores[i][j], 3e-6);
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData("bias")]
    [InlineData("c2p p2c")]
    public void A_loss_on_probabilities_reaches_the_terms_of_relative_positions(string kind)
    {
        var batch = new RelativeAttentionCase(kind, 2, 3, [9]);
        float[] seed = RandomValues.Normal(2 * 9 * 9, 3);
        float[][] found = EveryPath.SameBits(tape =>
        {
            var capture = new AttentionCapture();
            return batch.Run(tape, capture, context => tape.SeedGradient(capture.Probabilities, seed));
        });
        float[]?[] parts = [batch.Qkv, batch.Keys, batch.Queries, batch.Bias];
        double[][] operands = [.. parts.OfType<float[]>().Select(values => values.Double())];
        for (int i = 0; i < operands.Length; i++)
        {
            int changed = i;
            GradientCheck.Matches($"{kind} {i}", found[i + 1], operands[i], values =>
            {
                double[][] all = [.. operands];
                all[changed] = values;
                var reference = new RelativeAttentionReference(
                    2, 3, batch.Settings.Scale, batch.Offsets, d => batch.RowOf(d) - (kind == "bias" ? 0 : RelativeAttentionCase.FirstRow))
                {
                    Qkv = all[0],
                    Keys = batch.Keys is null ? null : all[1],
                    Queries = batch.Queries is null ? null : all[^1],
                    Bias = batch.Bias is null ? null : all[1],
                };
                return GradientCheck.Dot(reference.Probabilities(), seed);
            });
        }
    }

    [Fact]
    public void Keeping_the_gradient_that_arrives_changes_no_other()
    {
        var batch = new AttentionCase(3, 16, Lengths) { Dropout = 0.2f };
        float[] plain = batch.Run(threads: 2).InputGradient;
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        tape.KeepGradients();
        var capture = new AttentionCapture();
        Assert.Equal(plain, batch.Run(tape, capture, TapeMode.Training, 7, 3).InputGradient);
        Assert.Contains(tape.GradientOf(capture.Probabilities).ToArray(), g => g != 0);
        Assert.True(capture.Scores.IsEmpty);
    }

    [Fact]
    public void Two_backward_passes_of_one_forward_pass_add_up()
    {
        var batch = new AttentionCase(2, 8, [11]);
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        float[] once = batch.Run(tape, null, TapeMode.Evaluation, 7, 3).InputGradient;
        tape.Begin(TapeMode.Evaluation, 7, 3);
        var capture = new AttentionCapture();
        Tensor qkv = tape.Variable(batch.Qkv, batch.Tokens, batch.Width);
        Tensor context = tape.Attention(qkv, batch.Offsets, batch.Settings, capture);
        for (int pass = 0; pass < 2; pass++)
        {
            tape.SeedGradient(context, batch.Gradient);
            tape.Backward();
        }

        Assert.Equal(once.Select(g => g + g), tape.GradientOf(qkv).ToArray());
    }

    private static double[][] Captured(float[] values, AttentionCase batch, AttentionCapture capture, int sequence, int head)
    {
        int length = batch.Lengths[sequence], first = capture.RangeOf(sequence).Start.Value + (head * length * length);
        return [.. values.Skip(first).Take(length * length).Select(x => (double)x).Chunk(length)];
    }

    private static void Close(double[][] expected, double[][] found, Func<(int Row, int Column), bool> counts)
    {
        double largest = Math.Max(1, expected.Max(row => row.Max(Math.Abs)));
        for (int i = 0; i < expected.Length; i++)
        {
            for (int j = 0; j < expected[i].Length; j++)
            {
                if (counts((i, j))) Assert.Equal(expected[i][j], found[i][j], 6e-6 * largest);
            }
        }
    }
}

namespace Atenea.Tensors.Tests;

public class AttentionDropoutTests
{
    [Theory]
    [InlineData(4, 9)]
    [InlineData(32, 50)]
    [InlineData(64, 130)]
    public void Forward_and_backward_use_the_same_mask(int headSize, int length)
    {
        var batch = new AttentionCase(2, headSize, [length, 5]) { Dropout = 0.3f };
        (float[] output, float[] gradient) = batch.Run(threads: 2);
        for (int s = 0; s < 2; s++)
        {
            for (int head = 0; head < 2; head++)
            {
                double[][] factors = Factors(batch, s, head);
                AttentionReference reference = batch.ReferenceOf(s, head, factors);
                AttentionAccuracyTests.CompareWithReference(batch, s, head, reference, output, gradient, floor: 4e-6);
            }
        }
    }

    [Theory]
    [InlineData(0.1f)]
    [InlineData(0.5f)]
    [InlineData(0.9f)]
    public void Takes_the_share_that_was_asked_for_everywhere_alike(float rate)
    {
        const int Length = 64;
        var batch = new AttentionCase(4, Length, [Length, Length]) { Dropout = rate };
        double taken = 0, count = 0, neighbours = 0;
        double[] perKey = new double[Length];
        for (int s = 0; s < 2; s++)
        {
            for (int head = 0; head < 4; head++)
            {
                double[][] factors = Factors(batch, s, head);
                for (int i = 0; i < Length; i++)
                {
                    for (int j = 0; j < Length; j++)
                    {
                        bool gone = factors[i][j] == 0;
                        if (!gone) Assert.Equal(1, factors[i][j] * (1 - (double)rate), 1e-6);
                        count++;
                        if (!gone) continue;
                        taken++;
                        perKey[j]++;
                        if (i > 0 && factors[i - 1][j] == 0) neighbours++;
                    }
                }
            }
        }

        Within(taken, count, rate);
        foreach (double key in perKey) Within(key, count / Length, rate);
        Within(neighbours, count / Length * (Length - 1), rate * rate); // the query before says nothing about this one
    }

    [Fact]
    public void Differs_between_sequences_heads_steps_seeds_and_operations()
    {
        const int Length = 32;
        var batch = new AttentionCase(2, Length, [Length, Length]) { Dropout = 0.5f };
        List<double[][]> masks =
        [
            Factors(batch, 0, 0), Factors(batch, 0, 1), Factors(batch, 1, 0), Factors(batch, 1, 1),
            Factors(batch, 0, 0, seed: 8), Factors(batch, 0, 0, seed: 7UL + (1UL << 40)),
            Factors(batch, 0, 0, step: 4), Factors(batch, 0, 0, site: 1),
        ];
        for (int a = 0; a < masks.Count; a++)
        {
            for (int b = 0; b < a; b++)
            {
                double alike = masks[a].Zip(masks[b], (x, y) => x.Zip(y, (p, q) => p == q ? 1 : 0).Sum()).Sum();
                Within(alike, Length * Length, 0.5);
            }
        }
    }

    [Fact]
    public void Rate_zero_and_other_modes_have_none()
    {
        var none = new AttentionCase(2, 16, [20, 3]);
        var dropped = new AttentionCase(2, 16, [20, 3]) { Dropout = 0.4f };
        (float[] output, float[] gradient) = none.Run();
        (float[] same, float[] sameGradient) = dropped.Run(mode: TapeMode.Evaluation);
        Assert.Equal(output, same);
        Assert.Equal(gradient, sameGradient);
        Assert.Equal(output, dropped.Run(mode: TapeMode.Inference).Output);
        Assert.NotEqual(output, dropped.Run().Output);
    }

    // What dropout multiplied each probability by: with unit vectors as values, the context is the probabilities after dropout.
    internal static double[][] Factors(AttentionCase batch, int sequence, int head, ulong seed = 7, ulong step = 3, int site = 0)
    {
        int length = batch.Lengths[sequence], hidden = batch.Hidden, size = batch.HeadSize;
        double[][] factors = [.. Enumerable.Range(0, length).Select(_ => new double[length])];
        var capture = new AttentionCapture();
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        for (int firstKey = 0; firstKey < length; firstKey += size)
        {
            float[] qkv = [.. batch.Qkv];
            for (int t = 0; t < length; t++)
            {
                for (int c = 0; c < size; c++)
                    qkv[((batch.Offsets[sequence] + t) * 3 * hidden) + (2 * hidden) + (head * size) + c] = t == firstKey + c ? 1f : 0f;
            }

            tape.Begin(TapeMode.Training, seed, step);
            Tensor input = tape.Variable(qkv, batch.Tokens, 3 * hidden);
            for (int earlier = 0; earlier < site; earlier++) tape.Attention(input, batch.Offsets, batch.Settings);
            Tensor output = tape.Attention(input, batch.Offsets, batch.Settings, capture);
            ReadOnlySpan<float> probabilities = capture.Probabilities.ToArray()[capture.RangeOf(sequence)];
            for (int i = 0; i < length; i++)
            {
                for (int c = 0; c < Math.Min(size, length - firstKey); c++)
                {
                    float context = output.Read().Row(batch.Offsets[sequence] + i)[(head * size) + c];
                    factors[i][firstKey + c] = context / (double)probabilities[(((head * length) + i) * length) + firstKey + c];
                }
            }
        }

        return factors;
    }

    private static void Within(double found, double trials, double probability)
    {
        double deviation = Math.Sqrt(trials * probability * (1 - probability));
        Assert.InRange(found, (trials * probability) - (5 * deviation) - 1, (trials * probability) + (5 * deviation) + 1);
    }
}

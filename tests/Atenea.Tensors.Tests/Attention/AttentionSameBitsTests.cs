using Atenea.Tensors.Reference;

namespace Atenea.Tensors.Tests;

public class AttentionSameBitsTests
{
    public static TheoryData<int, int[]> Shapes => new()
    {
        { 1, [3, 1, 20] },
        { 5, [1, 2, 15, 16, 17, 33] },
        { 32, [22, 1, 9, 60, 31, 48] },
        { 64, [128, 50, 97] },
        { 80, [40, 113] },
        { 16, [700, 64] },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void On_every_instruction_set(int headSize, int[] lengths)
    {
        var batch = new AttentionCase(3, headSize, lengths) { Dropout = 0.1f };
        (float[] output, float[] gradient) = batch.Run(path: "portable");
        foreach (string path in Backend.Available)
        {
            (float[] sameOutput, float[] sameGradient) = batch.Run(threads: 2, path: path);
            Same(output, sameOutput);
            Same(gradient, sameGradient);
        }

        using var reference = new ReferenceBackend();
        using var tape = new Tape(reference);
        (float[] slowOutput, float[] slowGradient) = batch.Run(tape, null, TapeMode.Training, seed: 7, step: 3);
        GradientCheck.Close("context", output, slowOutput.Double(), 1e-5);
        GradientCheck.Close("gradient", gradient, slowGradient.Double(), 1e-5);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void On_any_number_of_threads(int threads)
    {
        var batch = new AttentionCase(5, 32, [22, 1, 1000, 9, 128]) { Dropout = 0.2f };
        (float[] output, float[] gradient) = batch.Run(threads: 1);
        (float[] sameOutput, float[] sameGradient) = batch.Run(threads);
        Same(output, sameOutput);
        Same(gradient, sameGradient);
    }

    [Fact]
    public void Alone_or_in_any_batch()
    {
        var batch = new AttentionCase(4, 32, [22, 700, 1, 45, 128]);
        (float[] output, float[] gradient) = batch.Run(threads: 2);
        for (int s = 0; s < batch.Lengths.Length; s++)
        {
            (float[] alone, float[] aloneGradient) = batch.Part(s, s + 1).Run(threads: 2);
            Same(output[(batch.Offsets[s] * batch.Hidden)..(batch.Offsets[s + 1] * batch.Hidden)], alone);
            Same(gradient[(batch.Offsets[s] * 3 * batch.Hidden)..(batch.Offsets[s + 1] * 3 * batch.Hidden)], aloneGradient);
        }
    }

    [Fact]
    public void With_and_without_a_tape_and_a_capture()
    {
        var batch = new AttentionCase(4, 20, [22, 3, 128]);
        (float[] output, float[] gradient) = batch.Run(mode: TapeMode.Evaluation);
        Same(output, batch.Run(mode: TapeMode.Inference).Output);
        Same(output, batch.Run(mode: TapeMode.Training).Output);
        (float[] captured, float[] capturedGradient) = batch.Run(capture: new AttentionCapture(), mode: TapeMode.Evaluation);
        Same(output, captured);
        Same(gradient, capturedGradient);
    }

    [Fact]
    public void With_a_capture_under_dropout()
    {
        var batch = new AttentionCase(4, 20, [22, 3, 128]) { Dropout = 0.3f };
        (float[] output, float[] gradient) = batch.Run();
        (float[] captured, float[] capturedGradient) = batch.Run(capture: new AttentionCapture());
        Same(output, captured);
        Same(gradient, capturedGradient);
    }

    private static void Same(float[] expected, float[] actual) =>
        Assert.Equal(expected.Select(BitConverter.SingleToInt32Bits), actual.Select(BitConverter.SingleToInt32Bits));
}

using Atenea.Errors;

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)] // counts native memory of the whole process
public class AttentionMemoryTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_step_allocates_nothing_and_nothing_leaks(bool apart)
    {
        long native = NativeBlock.LiveBytes;
        var batch = new AttentionCase(4, 32, [22, 9, 60, 128]) { Dropout = 0.1f };
        using (var backend = Backend.Create(threads: 1))
        using (var tape = new Tape(backend))
        {
            AttentionSettings settings = batch.Settings;
            AttentionCapture? capture = apart ? new AttentionCapture { WantsScores = true } : null;
            void Step(ulong step)
            {
                tape.Begin(TapeMode.Training, 1, step);
                Tensor qkv = tape.Variable(batch.Qkv, batch.Tokens, 3 * batch.Hidden);
                HeadColumns queries = new(qkv, 0, batch.Hidden), keys = new(qkv, batch.Hidden, batch.Hidden);
                var others = new AttentionKeys(keys, new(qkv, 2 * batch.Hidden, batch.Hidden), batch.Offsets);
                Tensor output = apart
                    ? tape.Attention(new AttentionQueries(queries, batch.Offsets), others, settings, capture)
                    : tape.Attention(qkv, batch.Offsets, settings);
                tape.SeedGradient(output, batch.Gradient);
                tape.Backward();
            }

            for (ulong warm = 0; warm < 3; warm++) Step(warm);
            long held = tape.HeldBytes, managed = GC.GetAllocatedBytesForCurrentThread();
            for (ulong step = 3; step < 13; step++) Step(step);
            Assert.Equal(managed, GC.GetAllocatedBytesForCurrentThread());
            Assert.Equal(held, tape.HeldBytes);
        }

        Assert.Equal(native, NativeBlock.LiveBytes);
    }

    [Fact]
    public void Memory_grows_with_the_length_and_not_with_its_square()
    {
        // All scores of this batch would take 2 * 2 * 8192 * 8192 * 4 bytes = 1 GiB.
        var batch = new AttentionCase(2, 4, [8192, 8192]);
        using var backend = Backend.Create(threads: 2);
        using var tape = new Tape(backend);
        (float[] output, float[] gradient) = batch.Run(tape, null, TapeMode.Training, 1, 1);
        Assert.All(output, x => Assert.True(float.IsFinite(x)));
        Assert.All(gradient, x => Assert.True(float.IsFinite(x)));
        Assert.InRange(tape.HeldBytes, 0, 48L << 20);
    }

    [Theory]
    [InlineData(25, 2, new[] { 0, 4 })]
    [InlineData(24, 0, new[] { 0, 4 })]
    [InlineData(24, 5, new[] { 0, 4 })]
    [InlineData(24, 2, new[] { 0, 3 })]
    [InlineData(24, 2, new[] { 1, 4 })]
    [InlineData(24, 2, new[] { 0, 3, 2, 4 })]
    [InlineData(24, 2, new int[0])]
    public void Shapes_that_do_not_fit_are_refused(int columns, int heads, int[] offsets)
    {
        using var backend = Backend.Create(threads: 1);
        using var tape = new Tape(backend);
        tape.Begin(TapeMode.Inference);
        Tensor qkv = tape.Input(new float[4 * columns], 4, columns);
        var error = Assert.Throws<AteneaException>(() => tape.Attention(qkv, offsets, new AttentionSettings(heads, 1f)));
        Assert.Equal(Catalogue.ShapeMismatch, error.Code);
    }
}

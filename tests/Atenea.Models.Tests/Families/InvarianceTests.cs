using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>
/// The same bits, whatever shares the batch, however many threads, on every instruction set, with and without a tape. Switches the instruction set of
/// the whole process, so nothing else may run beside it.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class InvarianceTests
{
    private static readonly string Folder = Golden.File("cases", "bert-seq-cls");
    private static readonly string Dump = Path.Combine(Folder, "case.safetensors");

    [Fact]
    public void Logits_are_the_same_bits_alone_and_in_any_batch()
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(Folder);
        using var engine = new Engine();
        float[][] alone = [.. Enumerable.Range(0, 3).Select(s => engine.Logits(model, Golden.Batch(Dump, s)))];
        foreach (int[] order in (int[][])[[0, 1, 2], [2, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 1, 0, 0, 1, 2, 2]])
        {
            float[] together = engine.Logits(model, Golden.Batch(Dump, order));
            AssertSameBits([.. order.SelectMany(s => alone[s])], together, $"batch {string.Join(',', order)}");
        }
    }

    [Fact]
    public void Logits_and_gradients_are_the_same_bits_on_every_path()
    {
        InstructionSet chosen = Isa.Current;
        try
        {
            float[]? expectedLogits = null;
            float[]? expectedGradients = null;
            foreach (InstructionSet set in Isa.Available)
            {
                Isa.Force(set);
                foreach (int threads in (int[])[1, 2, 3])
                {
                    (float[] logits, float[] gradients) = Run(threads);
                    AssertSameBits(expectedLogits ??= logits, logits, $"logits, {set}, {threads} threads");
                    AssertSameBits(expectedGradients ??= gradients, gradients, $"gradients, {set}, {threads} threads");
                }
            }
        }
        finally
        {
            Isa.Force(chosen);
        }
    }

    [Fact]
    public void Logits_are_the_same_bits_with_and_without_a_tape_and_with_a_capture()
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(Folder);
        using var engine = new Engine(2);
        InputBatch batch = Golden.Batch(Dump, 0, 1, 2);
        float[] inference = engine.Logits(model, batch);
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Evaluation), "evaluation");
        var capture = new EncoderCapture { WantsHiddenStates = true, WantsAttentions = true };
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Inference, capture), "capture");
        Assert.Equal((3, 2), (capture.HiddenStates.Count, capture.Attentions.Count));
        Assert.Equal(batch.Tokens, capture.HiddenStates[0].Rows);
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Evaluation, capture), "evaluation with capture");
        Assert.Equal(3, capture.HiddenStates.Count);
    }

    [Fact]
    public void Some_rows_alone_are_the_rows_of_the_whole()
    {
        using BaseModel model = ModelLoader.Load<BaseModel>(Folder);
        using var engine = new Engine();
        InputBatch batch = Golden.Batch(Dump, 2, 0, 1);
        engine.Tape.Begin(TapeMode.Inference);
        Tensor all = model.Forward(engine.Tape, batch).LastHiddenState;
        float[][] expected = [.. Enumerable.Range(0, all.Rows).Select(row => all.Row(row).ToArray())];
        foreach (int[] rows in (int[][])[batch.FirstTokens.ToArray(), [batch.Tokens - 1, 3, 3, 0], [.. Enumerable.Range(0, batch.Tokens)], []])
        {
            engine.Tape.Begin(TapeMode.Inference);
            float[] found = model.Encoder.ForwardRows(engine.Tape, batch, rows).Span.ToArray();
            AssertSameBits([.. rows.SelectMany(row => expected[row])], found, $"rows {string.Join(',', rows)}");
        }
    }

    private static (float[] Logits, float[] Gradients) Run(int threads)
    {
        using SequenceClassifier model = ModelLoader.Load<SequenceClassifier>(Folder);
        using var engine = new Engine(threads);
        InputBatch batch = Golden.Batch(Dump, 0, 1, 2);
        engine.Tape.Begin(TapeMode.Evaluation);
        Tensor logits = model.Forward(engine.Tape, batch);
        Loss loss = new ClassificationLoss(Hub.ProblemType.SingleLabelClassification).Compute(engine.Tape, logits, [1, 0, 2]);
        engine.Tape.Backward(loss, 1f / loss.Count);
        return (logits.Span.ToArray(), [.. model.Parameters.SelectMany(parameter => parameter.GradientValues.ToArray())]);
    }

    private static void AssertSameBits(float[] expected, float[] actual, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(BitConverter.SingleToInt32Bits(expected[i]) == BitConverter.SingleToInt32Bits(actual[i]),
                $"{what}: element {i} is {actual[i]:R}, expected {expected[i]:R}");
        }
    }
}

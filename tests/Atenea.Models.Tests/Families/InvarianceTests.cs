using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>
/// The same bits, whatever shares the batch, however many threads, on every instruction set, with and without a tape. Switches the
/// instruction set of the whole process, so nothing else may run beside it.
/// </summary>
[Collection(AloneCollection.Name)]
public sealed class InvarianceTests
{
    private static readonly int[] Lengths = [9, 1, 23, 5];

    public static TheoryData<string> Families => new(ModelRegistry.Families.Select(family => family.ModelType));

    public static TheoryData<string> Decoders => new(ModelRegistry.Families
        .Where(family => family.CreateMaskedLanguageHead is not null).Select(family => family.ModelType));

    [Theory]
    [MemberData(nameof(Families))]
    public void Logits_are_the_same_bits_alone_and_in_any_batch(string family)
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Golden.FamilyConfig(family), seed: 3);
        using var engine = new Engine();
        float[][] alone = [.. Enumerable.Range(0, Lengths.Length).Select(s => engine.Logits(model, Batch(s)))];
        Assert.All(alone.Skip(1), logits => Assert.NotEqual(alone[0], logits));
        foreach (int[] order in (int[][])[[0, 1, 2, 3], [3, 0], [1, 1, 1, 1, 1, 1, 1, 1, 1], [2, 1, 0, 0, 1, 2, 3]])
        {
            float[] together = engine.Logits(model, Batch(order));
            AssertSameBits([.. order.SelectMany(s => alone[s])], together, $"batch {string.Join(',', order)}");
        }
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Logits_and_gradients_are_the_same_bits_on_every_path(string family) => OnEveryPath((threads, path) =>
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Golden.FamilyConfig(family), seed: 3);
        using var engine = new Engine(threads);
        InputBatch batch = Batch(0, 1, 2, 3);
        engine.Tape.Begin(TapeMode.Training, seed: 4, step: 5); // with dropout where the family has it by default
        Tensor logits = model.Forward(engine.Pass(batch));
        Loss loss = engine.Tape.CrossEntropy(logits, [1, 0, 2, 1]);
        engine.Tape.Backward(loss, 1f / loss.Count);
        return (logits.ToArray(), Gradients(model));
    });

    [Theory]
    [MemberData(nameof(Decoders))]
    public void Tied_decoders_are_the_same_bits_on_every_path(string family) => OnEveryPath((threads, path) =>
    {
        using MaskedLanguageModel model = ModelLoader.New<MaskedLanguageModel>(Golden.FamilyConfig(family), seed: 3);
        using var engine = new Engine(threads);
        InputBatch batch = Batch(0, 1, 2, 3);
        engine.Tape.Begin(TapeMode.Training, seed: 4, step: 5);
        int[] labels = [.. Enumerable.Range(0, batch.Tokens).Select(i => i % 3 == 0 ? i : ClassificationLoss.Ignored)];
        ModelLoss loss = model.Loss(engine.Pass(batch), new ModelLabels(labels));
        loss.Backward(engine.Tape);
        return ([(float)loss.Mean], Gradients(model));
    });

    [Theory]
    [MemberData(nameof(Families))]
    public void Logits_are_the_same_bits_with_and_without_a_tape_and_with_a_capture(string family)
    {
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(Golden.FamilyConfig(family), seed: 3);
        using var engine = new Engine(2);
        InputBatch batch = Batch(0, 1, 2);
        float[] inference = engine.Logits(model, batch);
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Evaluation), "evaluation");
        var capture = new EncoderCapture { WantsHiddenStates = true, WantsAttentions = true };
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Inference, capture), "capture");
        Assert.Equal((model.Encoder.Layers + 1, model.Encoder.Layers), (capture.HiddenStates.Count, capture.Attentions.Count));
        Assert.Equal(batch.Tokens, capture.HiddenStates[0].Rows);
        AssertSameBits(inference, engine.Logits(model, batch, TapeMode.Evaluation, capture), "evaluation with capture");
        Assert.Equal(model.Encoder.Layers + 1, capture.HiddenStates.Count);
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Some_rows_alone_are_the_rows_of_the_whole(string family)
    {
        using BaseModel model = ModelLoader.New<BaseModel>(Golden.FamilyConfig(family), seed: 3);
        using var engine = new Engine();
        InputBatch batch = Batch(2, 0, 1);
        engine.Tape.Begin(TapeMode.Inference);
        Tensor all = model.Forward(engine.Pass(batch));
        float[][] expected = [.. Enumerable.Range(0, all.Rows).Select(row => all.Read().Row(row).ToArray())];
        int[][] choices = [batch.FirstTokens.ToArray(), [batch.Tokens - 1, 3, 3, 0], [.. Enumerable.Range(0, batch.Tokens)], []];
        foreach (int[] rows in choices)
        {
            engine.Tape.Begin(TapeMode.Inference);
            float[] found = model.Encoder.ForwardRows(engine.Pass(batch), rows).ToArray();
            AssertSameBits([.. rows.SelectMany(row => expected[row])], found, $"rows {string.Join(',', rows)}");
        }
    }

    /// <summary>Sequences of fixed random ids, the same whatever else is asked for.</summary>
    private static InputBatch Batch(params ReadOnlySpan<int> sequences)
    {
        var batch = new InputBatch();
        foreach (int sequence in sequences)
        {
            var random = new Random(sequence);
            batch.Add([.. Enumerable.Range(0, Lengths[sequence]).Select(_ => random.Next(2, 50))]);
        }

        return batch;
    }

    private static float[] Gradients(Model model) => [.. model.Parameters.SelectMany(parameter => parameter.GradientToArray())];

    private static void OnEveryPath(Func<int, string, (float[] Outputs, float[] Gradients)> run)
    {
        float[]? expectedOutputs = null;
        float[]? expectedGradients = null;
        foreach (string path in Backend.Available)
        {
            foreach (int threads in (int[])[1, 2, 3])
            {
                (float[] outputs, float[] gradients) = run(threads, path);
                AssertSameBits(expectedOutputs ??= outputs, outputs, $"outputs, {path}, {threads} threads");
                AssertSameBits(expectedGradients ??= gradients, gradients, $"gradients, {path}, {threads} threads");
            }
        }

        Assert.Contains(expectedGradients!, gradient => gradient != 0);
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

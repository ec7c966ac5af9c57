using Atenea.Models;
using Atenea.Tensors;
using Atenea.Training;

namespace Atenea.Cli;

/// <summary>
/// A sequence classifier with random weights: a forward pass, or a training step, which is forward with dropout, backward, clipping to
/// norm 1, AdamW and zeroing the gradients.
/// </summary>
internal static class ModelBenchmark
{
    private const int Seed = 0;
    private const double LearningRate = 2e-5;

    /// <summary>Measures a case.</summary>
    /// <param name="options">Threads, time and the like.</param>
    /// <param name="which">Model and batch.</param>
    /// <param name="lengths">Tokens of the sequences in order.</param>
    public static IEnumerable<BenchmarkResult> Run(BenchmarkOptions options, ModelCase which, int[] lengths)
    {
        using var backend = Backend.Create(threads: options.Threads);
        using SequenceClassifier model = ModelLoader.New<SequenceClassifier>(which.Config(), Seed);
        using var tape = new Tape(backend);
        var batches = new RandomBatches(which.Sequences, lengths, model.Encoder.VocabularySize);
        yield return which.Training ? Train(options, which, model, tape, batches) : Infer(options, which, model, tape, batches);
    }

    private static BenchmarkResult Infer(
        BenchmarkOptions options, ModelCase which, SequenceClassifier model, Tape tape, RandomBatches batches)
    {
        var batch = new InputBatch();
        var pass = new ForwardPass(tape, batch);
        IReadOnlyList<double> rates = Timing.Measure(options.Seconds, which.Sequences, () =>
        {
            batches.Fill(batch);
            tape.Begin(TapeMode.Inference);
            model.Forward(pass);
        });
        return BenchmarkResult.From(options, "samples/s", rates);
    }

    private static BenchmarkResult Train(
        BenchmarkOptions options, ModelCase which, SequenceClassifier model, Tape tape, RandomBatches batches)
    {
        var batch = new InputBatch();
        var pass = new ForwardPass(tape, batch);
        var labels = new int[which.Sequences];
        using var optimizer = new Optimizer(tape.Backend, model.Parameters, new OptimizerSettings(WeightDecay: 0.01));
        IReadOnlyList<double> rates = Timing.Measure(options.Seconds, which.Sequences, () =>
        {
            batches.Fill(batch);
            batches.FillLabels(labels);
            tape.Begin(TapeMode.Training, Seed, (ulong)optimizer.Steps);
            Loss loss = tape.CrossEntropy(model.Forward(pass), labels);
            tape.Backward(loss, 1f / loss.Count);
            optimizer.Step(LearningRate, out _);
            optimizer.ZeroGradients();
        });
        return BenchmarkResult.From(options, "samples/s", rates) with
        {
            RealTokens = batches.Tokens,
            ParameterCount = model.Parameters.Sum(p => p.Length),
        };
    }
}

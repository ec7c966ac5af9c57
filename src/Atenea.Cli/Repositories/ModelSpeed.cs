using Atenea.Models;
using Atenea.Tensors;

namespace Atenea.Cli;

/// <summary>Measures how fast an encoder runs here, on a small batch of random texts.</summary>
internal static class ModelSpeed
{
    /// <summary>Sequences of the batch.</summary>
    public const int Sequences = 8;

    /// <summary>Tokens of a sequence, where the model has as many positions.</summary>
    public const int Length = 64;

    private const double Seconds = 2;

    /// <summary>Loads a model's encoder and measures the forward pass: median of sequences per second.</summary>
    /// <param name="folder">The model's folder.</param>
    /// <param name="threads">Threads to compute on; 0 for one per processor.</param>
    /// <exception cref="Errors.AteneaException">The model is damaged or of no known family (ATN04xx, ATN05xx).</exception>
    public static double Measure(string folder, int threads)
    {
        using BaseModel model = ModelLoader.Load<BaseModel>(folder);
        using var backend = Backend.Create(threads: threads);
        using var tape = new Tape(backend);
        var batches = new RandomBatches(Sequences, [Math.Min(Length, model.Encoder.MaxPositions)], model.Encoder.VocabularySize);
        var batch = new InputBatch();
        var pass = new ForwardPass(tape, batch);
        double[] rates = [.. Timing.Measure(Seconds, Sequences, () =>
        {
            batches.Fill(batch);
            tape.Begin(TapeMode.Inference);
            model.Forward(pass);
        }).Order()];
        return Math.Round(rates[rates.Length / 2], 1);
    }
}

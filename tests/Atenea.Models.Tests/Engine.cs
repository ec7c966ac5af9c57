using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>A back end and a tape for one test.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Backend _backend;

    public Engine(int threads = 1, string? path = null)
    {
        _backend = Backend.Create(path, threads);
        Tape = new Tape(_backend);
    }

    public Tape Tape { get; }

    public ForwardPass Pass(InputBatch batch, EncoderCapture? capture = null) => new(Tape, batch) { Capture = capture };

    public float[] Logits(SequenceClassifier model, InputBatch batch, TapeMode mode = TapeMode.Inference, EncoderCapture? capture = null)
    {
        Tape.Begin(mode);
        return model.Forward(Pass(batch, capture)).ToArray();
    }

    public void Dispose()
    {
        Tape.Dispose();
        _backend.Dispose();
    }
}

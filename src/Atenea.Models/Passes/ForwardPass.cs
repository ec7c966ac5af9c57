using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// One run of a model over a batch: the tape that it is computed on, the batch, and what is wanted from within. Everything that a model is
/// made of takes it. It is made once for a tape and a batch and used for every step: fill the batch, begin the tape, run the model. A model
/// may serve several passes at once, each on a tape of its own; several passes may share a tape (two texts that are compared, a teacher and
/// its pupil).
/// </summary>
/// <example><code>
/// var pass = new ForwardPass(tape, batch);
/// tape.Begin(TapeMode.Inference);
/// Tensor logits = model.Forward(pass);
/// </code></example>
public sealed class ForwardPass
{
    private readonly ModelLoss _loss = new();

    /// <summary>Creates a pass; tape and batch stay the caller's.</summary>
    public ForwardPass(Tape tape, InputBatch batch)
    {
        Tape = tape;
        Batch = batch;
    }

    /// <summary>What the pass is computed on. The caller begins its steps.</summary>
    public Tape Tape { get; }

    /// <summary>The input.</summary>
    public InputBatch Batch { get; }

    /// <summary>Collects hidden states and attention on the way; null for none.</summary>
    public EncoderCapture? Capture { get; init; }

    /// <summary>Whether the adapters of a model are left out, so that the model below them answers.</summary>
    public bool LeavesAdaptersOut { get; init; }

    /// <summary>The tokens that a loss reads.</summary>
    internal LabelledTokens Labelled { get; } = new();

    /// <summary>An empty loss. It is the same object each time, so that a step allocates nothing.</summary>
    public ModelLoss NewLoss()
    {
        _loss.Clear();
        return _loss;
    }
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>One block of an encoder: [tokens, hidden] -> [tokens, hidden].</summary>
internal abstract class TransformerBlock
{
    /// <summary>Runs the block over every token.</summary>
    /// <param name="tape">A tape that has begun a step.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="batch">Where each sequence begins.</param>
    /// <param name="keepInput">Whether <paramref name="x"/> is still needed by the caller; else its memory is given back.</param>
    /// <param name="capture">Receives the attention probabilities; null for none.</param>
    /// <returns>[tokens, hidden].</returns>
    public abstract Tensor Forward(Tape tape, Tensor x, InputBatch batch, bool keepInput, AttentionCapture? capture);

    /// <summary>
    /// The given rows of <see cref="Forward"/>, [rows, hidden]: every token still serves as key and value, but what follows attention works
    /// row by row, so the other rows are left out without changing a bit of these.
    /// </summary>
    public abstract Tensor ForwardRows(Tape tape, Tensor x, InputBatch batch, ReadOnlySpan<int> rows);

    /// <summary>The given rows of a tensor that is not needed any more.</summary>
    protected static Tensor TakeRows(Tape tape, Tensor x, ReadOnlySpan<int> rows)
    {
        Tensor selected = tape.SelectRows(x, rows);
        tape.Release(x);
        return selected;
    }
}

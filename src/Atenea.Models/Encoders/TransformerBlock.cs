using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>One block of an encoder: [tokens, hidden] -> [tokens, hidden].</summary>
internal abstract class TransformerBlock
{
    /// <summary>Runs the block over every token.</summary>
    /// <param name="pass">The pass.</param>
    /// <param name="x">[tokens, hidden].</param>
    /// <param name="keepInput">Whether <paramref name="x"/> is still needed by the caller; else its memory is given back.</param>
    /// <returns>[tokens, hidden].</returns>
    public abstract Tensor Forward(ForwardPass pass, Tensor x, bool keepInput);

    /// <summary>
    /// The given rows of <see cref="Forward"/>, [rows, hidden]: every token still serves as key and value, but what follows attention works
    /// row by row, so the other rows are left out without changing a bit of these.
    /// </summary>
    public abstract Tensor ForwardRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows);

    /// <summary>The given rows of a tensor that is not needed any more.</summary>
    protected static Tensor TakeRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows)
    {
        Tensor selected = pass.Tape.SelectRows(x, rows);
        pass.Tape.Release(x);
        return selected;
    }
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A head with one row of outputs per sequence.</summary>
public abstract class SequenceHead
{
    /// <summary>The encoder's pooler if the head uses it, else null.</summary>
    public virtual Pooler? Pooler => null;

    /// <summary>Whether the head reads every token (pooling by mean); else it reads the rows that <see cref="Rows"/> names.</summary>
    public virtual bool ReadsAllTokens => false;

    /// <summary>The tokens that the head reads, one per sequence; the first of each unless the family says otherwise.</summary>
    public virtual ReadOnlySpan<int> Rows(InputBatch batch) => batch.FirstTokens;

    /// <summary>The vectors of the tokens that the head reads, [sequences or tokens, hidden] -> [sequences, outputs].</summary>
    /// <param name="pass">The pass of the vectors.</param>
    /// <param name="states">One row per entry of <see cref="Rows"/>, or every token's.</param>
    public abstract Tensor Forward(ForwardPass pass, Tensor states);

    /// <summary>Encoder and head: [sequences, outputs].</summary>
    internal Tensor Run(ForwardPass pass, Encoder encoder) =>
        Forward(pass, ReadsAllTokens ? encoder.Forward(pass) : encoder.ForwardRows(pass, Rows(pass.Batch)));

    /// <summary>The head over what the encoder computed for every token, [tokens, hidden].</summary>
    internal Tensor FromAll(ForwardPass pass, Tensor states) =>
        Forward(pass, ReadsAllTokens ? states : pass.Tape.SelectRows(states, Rows(pass.Batch)));
}

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
    /// <param name="tape">The tape of the vectors.</param>
    /// <param name="states">One row per entry of <see cref="Rows"/>, or every token's.</param>
    /// <param name="batch">The input.</param>
    public abstract Tensor Forward(Tape tape, Tensor states, InputBatch batch);

    /// <summary>
    /// Encoder and head: [sequences, outputs]. Without a capture the encoder's last block runs over the rows that the head reads alone.
    /// </summary>
    internal Tensor Run(Tape tape, Encoder encoder, InputBatch batch, EncoderCapture? capture)
    {
        if (capture is null && !ReadsAllTokens) return Forward(tape, encoder.ForwardRows(tape, batch, Rows(batch)), batch);
        return FromAll(tape, encoder.Forward(tape, batch, capture).LastHiddenState, batch);
    }

    /// <summary>The head over what the encoder computed for every token, [tokens, hidden].</summary>
    internal Tensor FromAll(Tape tape, Tensor states, InputBatch batch) =>
        Forward(tape, ReadsAllTokens ? states : tape.SelectRows(states, Rows(batch)), batch);
}

/// <summary>A head that works row by row: vectors of any tokens [rows, hidden] -> [rows, outputs]. Does not release its input.</summary>
/// <param name="tape">The tape of the vectors.</param>
/// <param name="states">[rows, hidden].</param>
public delegate Tensor RowHead(Tape tape, Tensor states);

/// <summary>The two heads of BERT's and ALBERT's pretraining.</summary>
/// <param name="MaskedLanguage">An output per word for each token.</param>
/// <param name="Order">Two outputs for each sequence: whether the second sentence follows (BERT), whether the sentences were swapped
/// (ALBERT).</param>
/// <param name="OrderOutput">The name of its output in transformers: <c>seq_relationship_logits</c>, <c>sop_logits</c>.</param>
/// <param name="OrderLabels">The name of its labels in transformers: <c>next_sentence_label</c>, <c>sentence_order_label</c>.</param>
/// <param name="OrderTerm">The name of its term in the loss: <c>nsp</c>, <c>sop</c>.</param>
public sealed record PretrainingHead(
    RowHead MaskedLanguage, SequenceHead Order, string OrderOutput, string OrderLabels, string OrderTerm);

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>A part of a block that works row by row, [rows, features in] -> [rows, features out]. Does not release its input.</summary>
/// <param name="tape">A tape that has begun a step.</param>
/// <param name="x">[rows, features in].</param>
internal delegate Tensor LayerFunction(Tape tape, Tensor x);

/// <summary>
/// The block of GPT-2 and of the families after it: each part reads the norm of the residual stream and adds what it computes to the
/// stream, which no norm cuts (Radford et al. 2019, section 2.3). A family builds the parts under its own names.
/// </summary>
internal sealed class PreNormBlock : TransformerBlock
{
    /// <summary>The norm before attention; null for none.</summary>
    public required LayerFunction? AttentionNorm { get; init; }

    /// <summary>The attention, up to the heads' contexts.</summary>
    public required AttentionFunction Attention { get; init; }

    /// <summary>The linear layer over the contexts, with its dropout.</summary>
    public required LayerFunction AttentionOutput { get; init; }

    /// <summary>The norm before the feed-forward part.</summary>
    public required LayerFunction FeedForwardNorm { get; init; }

    /// <summary>The feed-forward part, with its dropout.</summary>
    public required LayerFunction FeedForward { get; init; }

    /// <inheritdoc/>
    public override Tensor Forward(Tape tape, Tensor x, InputBatch batch, bool keepInput, AttentionCapture? capture) =>
        AfterAttention(tape, Attend(tape, x, batch, capture), x, keepInput);

    /// <inheritdoc/>
    public override Tensor ForwardRows(Tape tape, Tensor x, InputBatch batch, ReadOnlySpan<int> rows)
    {
        Tensor context = TakeRows(tape, Attend(tape, x, batch, null), rows);
        return AfterAttention(tape, context, TakeRows(tape, x, rows), keepInput: false);
    }

    private Tensor Attend(Tape tape, Tensor x, InputBatch batch, AttentionCapture? capture)
    {
        if (AttentionNorm is null) return Attention(tape, x, batch, capture);
        Tensor normed = AttentionNorm(tape, x);
        Tensor context = Attention(tape, normed, batch, capture);
        tape.Release(normed);
        return context;
    }

    /// <summary>Contexts and the block's input, both [rows, hidden] -> [rows, hidden].</summary>
    private Tensor AfterAttention(Tape tape, Tensor context, Tensor x, bool keepInput)
    {
        Tensor attended = AttentionOutput(tape, context);
        tape.Release(context);
        Tensor middle = tape.Add(x, attended);
        tape.Release(attended);
        if (!keepInput) tape.Release(x);

        Tensor normed = FeedForwardNorm(tape, middle);
        Tensor fed = FeedForward(tape, normed);
        tape.Release(normed);
        Tensor result = tape.Add(middle, fed);
        tape.Release(middle);
        tape.Release(fed);
        return result;
    }
}

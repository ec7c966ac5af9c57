using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The block of GPT-2 and of the families after it: each part reads the norm of the residual stream and adds what it computes to the
/// stream, which no norm cuts (Radford et al. 2019, section 2.3). A family builds the parts under its own names.
/// </summary>
internal sealed class PreNormBlock : TransformerBlock
{
    /// <summary>The norm before attention; null for none.</summary>
    public required RowFunction? AttentionNorm { get; init; }

    /// <summary>The attention, up to the heads' contexts.</summary>
    public required SelfAttention Attention { get; init; }

    /// <summary>The linear layer over the contexts.</summary>
    public required LinearLayer AttentionOutput { get; init; }

    /// <summary>Dropout after <see cref="AttentionOutput"/>.</summary>
    public float AttentionOutputDropout { get; init; }

    /// <summary>The norm before the feed-forward part.</summary>
    public required RowFunction FeedForwardNorm { get; init; }

    /// <summary>The feed-forward part, with its dropout.</summary>
    public required RowFunction FeedForward { get; init; }

    /// <inheritdoc/>
    public override Tensor Forward(ForwardPass pass, Tensor x, bool keepInput) => AfterAttention(pass, Attend(pass, x), x, keepInput);

    /// <inheritdoc/>
    public override Tensor ForwardRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows)
    {
        Tensor context = TakeRows(pass, Attend(pass, x), rows);
        return AfterAttention(pass, context, TakeRows(pass, x, rows), keepInput: false);
    }

    private Tensor Attend(ForwardPass pass, Tensor x)
    {
        if (AttentionNorm is null) return Attention.Forward(pass, x);
        Tensor normed = AttentionNorm(pass, x);
        Tensor context = Attention.Forward(pass, normed);
        pass.Tape.Release(normed);
        return context;
    }

    /// <summary>Contexts and the block's input, both [rows, hidden] -> [rows, hidden].</summary>
    private Tensor AfterAttention(ForwardPass pass, Tensor context, Tensor x, bool keepInput)
    {
        Tape tape = pass.Tape;
        Tensor attended = tape.Dropout(AttentionOutput.Forward(pass, context), AttentionOutputDropout);
        tape.Release(context);
        Tensor middle = tape.Add(x, attended);
        tape.Release(attended);
        if (!keepInput) tape.Release(x);

        Tensor normed = FeedForwardNorm(pass, middle);
        Tensor fed = FeedForward(pass, normed);
        tape.Release(normed);
        Tensor result = tape.Add(middle, fed);
        tape.Release(middle);
        tape.Release(fed);
        return result;
    }
}

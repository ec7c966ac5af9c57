using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The blocks of an encoder, one after another, and the norm that ends families whose blocks begin with one. One block may stand at several
/// places
/// (ALBERT).
/// </summary>
internal sealed class BlockStack(IReadOnlyList<TransformerBlock> blocks, LayerFunction? finalNorm = null)
{
    private readonly TransformerBlock[] _blocks = [.. blocks];

    /// <summary>Number of blocks that run.</summary>
    public int Count => _blocks.Length;

    /// <summary>Embedded tokens [tokens, hidden] -> [tokens, hidden].</summary>
    public EncoderOutput Forward(Tape tape, Tensor x, InputBatch batch, EncoderCapture? capture)
    {
        capture?.Begin();
        bool keep = capture is { WantsHiddenStates: true };
        capture?.AddHiddenState(x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(tape, x, batch, keep, capture?.NextAttention());
            if (i == _blocks.Length - 1) x = End(tape, x); // The last state is the one after the norm, as in transformers.
            capture?.AddHiddenState(x);
        }

        return new EncoderOutput(x, capture);
    }

    /// <summary>The given rows of what <see cref="Forward"/> computes: [rows, hidden].</summary>
    public Tensor ForwardRows(Tape tape, Tensor x, InputBatch batch, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < _blocks.Length - 1; i++) x = _blocks[i].Forward(tape, x, batch, keepInput: false, capture: null);
        return End(tape, _blocks[^1].ForwardRows(tape, x, batch, rows));
    }

    private Tensor End(Tape tape, Tensor x)
    {
        if (finalNorm is null) return x;
        Tensor normed = finalNorm(tape, x);
        tape.Release(x);
        return normed;
    }
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The blocks of an encoder, one after another. One block may stand at several places (ALBERT).</summary>
internal sealed class BlockStack(IReadOnlyList<TransformerBlock> blocks)
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
        foreach (TransformerBlock block in _blocks)
        {
            x = block.Forward(tape, x, batch, keep, capture?.NextAttention());
            capture?.AddHiddenState(x);
        }

        return new EncoderOutput(x, capture);
    }

    /// <summary>The given rows of what <see cref="Forward"/> computes: [rows, hidden].</summary>
    public Tensor ForwardRows(Tape tape, Tensor x, InputBatch batch, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < _blocks.Length - 1; i++) x = _blocks[i].Forward(tape, x, batch, keepInput: false, capture: null);
        return _blocks[^1].ForwardRows(tape, x, batch, rows);
    }
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>
/// The blocks of an encoder, one after another, and the norm that ends families whose blocks begin with one. One block may stand at several
/// places (ALBERT).
/// </summary>
internal sealed class BlockStack(IReadOnlyList<TransformerBlock> blocks, RowFunction? finalNorm = null)
{
    private readonly TransformerBlock[] _blocks = [.. blocks];

    /// <summary>Number of blocks that run.</summary>
    public int Count => _blocks.Length;

    /// <summary>Embedded tokens [tokens, hidden] -> [tokens, hidden].</summary>
    public Tensor Forward(ForwardPass pass, Tensor x)
    {
        EncoderCapture? capture = pass.Capture;
        capture?.Begin();
        bool keep = capture is { WantsHiddenStates: true };
        capture?.AddHiddenState(x);
        for (int i = 0; i < _blocks.Length; i++)
        {
            x = _blocks[i].Forward(pass, x, keep);
            if (i == _blocks.Length - 1) x = End(pass, x); // The last state is the one after the norm, as in transformers.
            capture?.AddHiddenState(x);
        }

        return x;
    }

    /// <summary>The given rows of what <see cref="Forward"/> computes: [rows, hidden].</summary>
    public Tensor ForwardRows(ForwardPass pass, Tensor x, ReadOnlySpan<int> rows)
    {
        for (int i = 0; i < _blocks.Length - 1; i++) x = _blocks[i].Forward(pass, x, keepInput: false);
        return End(pass, _blocks[^1].ForwardRows(pass, x, rows));
    }

    private Tensor End(ForwardPass pass, Tensor x)
    {
        if (finalNorm is null) return x;
        Tensor normed = finalNorm(pass, x);
        pass.Tape.Release(x);
        return normed;
    }
}

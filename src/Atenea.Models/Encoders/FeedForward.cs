using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The feed-forward part of a block (Vaswani et al. 2017, section 3.3): dropout(narrow(f(widen(x)))).</summary>
internal sealed class FeedForward(LinearLayer widen, Activation activation, LinearLayer narrow, float dropout = 0)
{
    /// <summary>[rows, hidden] -> [rows, hidden]: a <see cref="RowFunction"/>.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x)
    {
        Tensor wide = widen.Forward(pass, x, activation);
        Tensor result = narrow.Forward(pass, wide);
        pass.Tape.Release(wide);
        return pass.Tape.Dropout(result, dropout);
    }
}

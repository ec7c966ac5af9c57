using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The gated feed-forward part (Shazeer 2020): narrow(dropout(f(gate) * up)), gate and up side by side in one product.</summary>
internal sealed class GatedFeedForward(RowFunction gateAndUp, Activation activation, float dropout, LinearLayer narrow)
{
    /// <summary>[rows, hidden] -> [rows, hidden]: a <see cref="RowFunction"/>.</summary>
    public Tensor Forward(ForwardPass pass, Tensor x)
    {
        Tensor wide = gateAndUp(pass, x);
        Tensor gated = pass.Tape.GatedActivation(wide, activation);
        pass.Tape.Release(wide);
        Tensor result = narrow.Forward(pass, pass.Tape.Dropout(gated, dropout));
        pass.Tape.Release(gated);
        return result;
    }
}

using Atenea.Tensors;

namespace Atenea.Models;

/// <summary>The gated feed-forward part (Shazeer 2020): narrow(dropout(f(gate) * up)), gate and up side by side in one product.</summary>
internal sealed class GatedFeedForward(LayerFunction gateAndUp, Activation activation, float dropout, LinearLayer narrow)
{
    /// <summary>[rows, hidden] -> [rows, hidden]: a <see cref="LayerFunction"/>.</summary>
    public Tensor Forward(Tape tape, Tensor x)
    {
        Tensor wide = gateAndUp(tape, x);
        Tensor gated = tape.GatedActivation(wide, activation);
        tape.Release(wide);
        Tensor result = narrow.Forward(tape, tape.Dropout(gated, dropout));
        tape.Release(gated);
        return result;
    }
}

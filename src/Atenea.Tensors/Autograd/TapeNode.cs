namespace Atenea.Tensors;

/// <summary>
/// One recorded operation: what its backward pass needs. Nodes are pooled by the tape and refilled step after step, so recording allocates
/// nothing once the pool is warm.
/// </summary>
internal abstract class TapeNode
{
    /// <summary>The result, whose gradient the backward pass reads.</summary>
    public Tensor Output;

    /// <summary>Adds this operation's share to the gradients of its inputs and parameters.</summary>
    /// <param name="tape">Gives gradients, scratch memory and the worker team.</param>
    public abstract void Backward(Tape tape);

    /// <summary>Drops references to parameters before the node goes back to the pool.</summary>
    public virtual void Clear()
    {
    }
}

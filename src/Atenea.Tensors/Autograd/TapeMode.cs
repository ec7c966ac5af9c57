namespace Atenea.Tensors;

/// <summary>What a step on a <see cref="Tape"/> is for.</summary>
public enum TapeMode
{
    /// <summary>Forward only: nothing is kept, no dropout.</summary>
    Inference,

    /// <summary>Forward and backward without dropout.</summary>
    Evaluation,

    /// <summary>Forward and backward with dropout.</summary>
    Training,
}

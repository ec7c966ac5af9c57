namespace Atenea.Tensors;

/// <summary>One step of AdamW (Loshchilov and Hutter 2019), with PyTorch's defaults.</summary>
public readonly record struct AdamWSettings()
{
    /// <summary>Learning rate of this step.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>Decay of the first moment.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment.</summary>
    public double Beta2 { get; init; } = 0.999;

    /// <summary>Added to the root of the bias-corrected second moment.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Decoupled weight decay; 0 for biases and norms.</summary>
    public double WeightDecay { get; init; }

    /// <summary>Number of this step, from 1: what the bias corrections 1 - beta^step are computed from.</summary>
    public long Step { get; init; } = 1;
}

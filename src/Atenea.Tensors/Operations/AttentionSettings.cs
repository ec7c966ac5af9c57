namespace Atenea.Tensors;

/// <summary>What an attention is, besides its operands.</summary>
/// <param name="Heads">Number of heads; the hidden size is a multiple of it.</param>
/// <param name="Scale">Factor of the scores, usually 1 / sqrt(head size).</param>
/// <param name="Dropout">Rate at which probabilities are dropped in <see cref="TapeMode.Training"/>, in [0, 1).</param>
public readonly record struct AttentionSettings(int Heads, float Scale, float Dropout = 0f);

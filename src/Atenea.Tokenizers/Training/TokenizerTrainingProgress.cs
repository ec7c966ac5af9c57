namespace Atenea.Tokenizers;

/// <summary>How far training has come.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="Done">Units done.</param>
/// <param name="Total">Units in all; 0 where unknown.</param>
public readonly record struct TokenizerTrainingProgress(string Stage, long Done, long Total);

namespace Atenea.Training;

/// <summary>What one evaluation took and its loss, before anything is scored.</summary>
/// <param name="Loss">Loss: of each term the mean over all its items, weighted as the model has it.</param>
/// <param name="Features">Features evaluated.</param>
/// <param name="Batches">Forward passes.</param>
/// <param name="Tokens">Tokens of the features.</param>
/// <param name="Seconds">Time taken by the model.</param>
public sealed record EvaluationPass(double Loss, int Features, int Batches, long Tokens, double Seconds);

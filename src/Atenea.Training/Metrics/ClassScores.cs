namespace Atenea.Training;

/// <summary>Precision, recall and F1 of one class or of an average over classes.</summary>
/// <param name="Precision">Right among those predicted.</param>
/// <param name="Recall">Found among those that are.</param>
/// <param name="F1">Harmonic mean of the two.</param>
/// <param name="Support">Items that are of the class (an average: of all its classes).</param>
public readonly record struct ClassScores(double Precision, double Recall, double F1, long Support);

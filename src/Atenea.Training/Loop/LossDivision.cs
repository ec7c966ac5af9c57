namespace Atenea.Training;

/// <summary>What the terms of a micro-batch's loss are divided by in an optimizer step of several.</summary>
internal enum LossDivision
{
    /// <summary>By their counts over the whole step: the step of one big batch. Training always does this.</summary>
    ByStep,

    /// <summary>By their own counts: the sum of the micro-batches' means, as the reference has it for some classes.</summary>
    ByMicroBatch,

    /// <summary>The same, and by the number of micro-batches: the mean of their means.</summary>
    ByMicroBatchAndNumber,
}

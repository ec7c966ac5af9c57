namespace Atenea.Training;

/// <summary>What a run is doing.</summary>
public enum TrainingPhase
{
    /// <summary>Making optimizer steps.</summary>
    Training,

    /// <summary>Evaluating rows.</summary>
    Evaluating,

    /// <summary>Writing files.</summary>
    Saving,
}

/// <summary>
/// How far a run is. One object is kept and changed in place, so that telling costs nothing; read it during the call only.
/// </summary>
public sealed class TrainingProgress
{
    /// <summary>What it is doing.</summary>
    public TrainingPhase Phase { get; internal set; }

    /// <summary>Optimizer steps made.</summary>
    public int Step { get; internal set; }

    /// <summary>Optimizer steps of the run.</summary>
    public int MaxSteps { get; internal set; }

    /// <summary>Passes over the training rows so far.</summary>
    public double Epoch { get; internal set; }

    /// <summary>Epochs of the run.</summary>
    public int Epochs { get; internal set; }

    /// <summary>Loss, averaged over about the last twenty steps.</summary>
    public double Loss { get; internal set; }

    /// <summary>Learning rate of the last step.</summary>
    public double LearningRate { get; internal set; }

    /// <summary>Rows trained per second since the run began or was resumed, evaluations and saves left out.</summary>
    public double SamplesPerSecond { get; internal set; }

    /// <summary>Tokens trained per second, likewise.</summary>
    public double TokensPerSecond { get; internal set; }

    /// <summary>Time left, from the whole time per step so far.</summary>
    public TimeSpan Remaining { get; internal set; }

    /// <summary>Rows evaluated so far, in the evaluating phase.</summary>
    public int RowsEvaluated { get; internal set; }

    /// <summary>Rows to evaluate, in the evaluating phase.</summary>
    public int RowsToEvaluate { get; internal set; }
}

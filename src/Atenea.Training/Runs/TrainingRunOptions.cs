namespace Atenea.Training;

/// <summary>What a run needs from its caller, apart from its config.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>Threads; 0 for one per processor. No result depends on it.</summary>
    public int Threads { get; init; }

    /// <summary>Name of the back end to run on; null for the best one. No result depends on it.</summary>
    public string? Backend { get; init; }

    /// <summary>Is told what happens.</summary>
    public TrainingObserver Observer { get; init; } = new();

    /// <summary>Asks the run to stop: it finishes its step, saves <c>last/</c> and returns.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How a run ended.</summary>
/// <param name="Folder">Its folder.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Validation">Figures of the resulting model on the validation rows, if there are any and the run was not
/// interrupted.</param>
/// <param name="Test">Its figures on the test rows, likewise.</param>
/// <param name="IsInterrupted">Whether it was asked to stop before its end.</param>
public sealed record TrainingRunResult(
    RunFolder Folder, TrainerState State, EvaluationResult? Validation, EvaluationResult? Test, bool IsInterrupted)
{
    /// <summary>How to go on with an interrupted run, as a command.</summary>
    public string ResumeCommand =>
        $"atenea train --resume {(Folder.Path.Contains(' ', StringComparison.Ordinal) ? $"\"{Folder.Path}\"" : Folder.Path)}";
}

using Atenea.Data;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>Writes what a run keeps: the resulting model in <c>best/</c>, the newest state in <c>last/</c>.</summary>
internal sealed class RunSaver(
    RunFolder folder, RunConfig config, TrainingPlan plan, TaskModel model, Tokenizer tokenizer, ModelSettings settings,
    Optimizer optimizer, TrainerState state)
{
    private int _savedStep = -1;

    /// <summary>Says that <c>last/</c> is already what it would be if it were saved.</summary>
    public void IsSaved() => _savedStep = state.GlobalStep;

    /// <summary>Whether <c>last/</c> lacks what came after it was saved.</summary>
    public bool HasUnsaved => _savedStep != state.GlobalStep;

    /// <summary>Makes the model the run's result.</summary>
    public void SaveBest() => RunFolder.Replace(folder.Best, WriteModel);

    /// <summary>Saves everything that going on needs.</summary>
    /// <param name="seconds">Seconds of the run so far.</param>
    public void SaveLast(double seconds)
    {
        state.RunSeconds = seconds;
        RunFolder.Replace(folder.Last, last =>
        {
            WriteModel(last);
            optimizer.Save(RunFolder.OptimizerFile(last));
            AtomicFile.WriteText(Path.Combine(last, TrainerState.FileName), StateText());
        });
        SaveState();
        folder.KeepCheckpoint(state.GlobalStep, config.Training.SaveTotalLimit);
        _savedStep = state.GlobalStep;
    }

    /// <summary>Writes the state alone.</summary>
    public void SaveState() => AtomicFile.WriteText(folder.State, StateText());

    private string StateText() => Json.Text(state.ToJson(plan, config.Training.PerDeviceTrainBatchSize));

    private void WriteModel(string target)
    {
        model.Save(target);
        tokenizer.Save(target);
        settings.Save(target);
    }
}

using Atenea.Models;

namespace Atenea.Training;

/// <summary>A task that configs may name.</summary>
/// <param name="Name">What a config writes under <c>task</c>.</param>
/// <param name="Model">The class of models that is trained for it.</param>
/// <param name="Create">Makes the task of a run.</param>
public sealed record TaskKind(string Name, ModelTask Model, Func<TaskContext, TrainingTask> Create)
{
    /// <summary>Other names that mean the task.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
}

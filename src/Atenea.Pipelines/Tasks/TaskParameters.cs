namespace Atenea.Pipelines;

/// <summary>The parameters that only some tasks have.</summary>
[Flags]
public enum TaskParameter
{
    /// <summary>None of them.</summary>
    None = 0,

    /// <summary><see cref="TaskParameters.TopK"/>.</summary>
    TopK = 1 << 0,

    /// <summary><see cref="TaskParameters.Function"/>.</summary>
    Function = 1 << 1,

    /// <summary><see cref="TaskParameters.Aggregation"/>.</summary>
    Aggregation = 1 << 2,

    /// <summary><see cref="TaskParameters.Stride"/>.</summary>
    Stride = 1 << 3,

    /// <summary><see cref="TaskParameters.IgnoreLabels"/>.</summary>
    IgnoreLabels = 1 << 4,

    /// <summary><see cref="TaskParameters.Targets"/>.</summary>
    Targets = 1 << 5,

    /// <summary><see cref="TaskParameters.Question"/>.</summary>
    Question = 1 << 6,

    /// <summary><see cref="TaskParameters.MaxAnswerLength"/>.</summary>
    MaxAnswerLength = 1 << 7,

    /// <summary><see cref="TaskParameters.Impossible"/>.</summary>
    Impossible = 1 << 8,

    /// <summary><see cref="TaskParameters.Labels"/>.</summary>
    Labels = 1 << 9,

    /// <summary><see cref="TaskParameters.Hypothesis"/>.</summary>
    Hypothesis = 1 << 10,

    /// <summary><see cref="TaskParameters.MultiLabel"/>.</summary>
    MultiLabel = 1 << 11,
}

/// <summary>What is asked of a task, as a command line or a request gives it: null is the default of the task and its model.</summary>
public sealed record TaskParameters : PipelineOptions
{
    /// <summary>Column of the texts; null for the one that the model was trained with where rows have it, else <c>text</c>.</summary>
    public string? TextColumn { get; init; }

    /// <summary>Column of the second texts; null likewise, else <c>pair</c> for tasks that need two.</summary>
    public string? PairColumn { get; init; }

    /// <summary>Answers per text, the best first.</summary>
    public int? TopK { get; init; }

    /// <summary>What turns outputs into scores.</summary>
    public ScoreFunction? Function { get; init; }

    /// <summary>How tokens become entities.</summary>
    public AggregationStrategy? Aggregation { get; init; }

    /// <summary>Tokens shared by windows of a long text.</summary>
    public int? Stride { get; init; }

    /// <summary>Labels left out of the answers.</summary>
    public IReadOnlyList<string>? IgnoreLabels { get; init; }

    /// <summary>Words to choose from for a mask.</summary>
    public IReadOnlyList<string>? Targets { get; init; }

    /// <summary>A question about every text.</summary>
    public string? Question { get; init; }

    /// <summary>The most tokens of an answer.</summary>
    public int? MaxAnswerLength { get; init; }

    /// <summary>Whether a question may have no answer.</summary>
    public bool Impossible { get; init; }

    /// <summary>Candidate labels.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>The hypothesis that names a label.</summary>
    public string? Hypothesis { get; init; }

    /// <summary>Whether several labels may be true.</summary>
    public bool MultiLabel { get; init; }

    /// <summary>Those that were given.</summary>
    public TaskParameter Given =>
        Flag(TopK is not null, TaskParameter.TopK)
        | Flag(Function is not null, TaskParameter.Function)
        | Flag(Aggregation is not null, TaskParameter.Aggregation)
        | Flag(Stride is not null, TaskParameter.Stride)
        | Flag(IgnoreLabels is not null, TaskParameter.IgnoreLabels)
        | Flag(Targets is not null, TaskParameter.Targets)
        | Flag(Question is not null, TaskParameter.Question)
        | Flag(MaxAnswerLength is not null, TaskParameter.MaxAnswerLength)
        | Flag(Impossible, TaskParameter.Impossible)
        | Flag(Labels is not null, TaskParameter.Labels)
        | Flag(Hypothesis is not null, TaskParameter.Hypothesis)
        | Flag(MultiLabel, TaskParameter.MultiLabel);

    private static TaskParameter Flag(bool given, TaskParameter parameter) => given ? parameter : TaskParameter.None;
}

using Atenea.Hub;

namespace Atenea.Data;

/// <summary>What a check cannot know from the files.</summary>
public sealed record DataCheckOptions
{
    /// <summary>The columns of the task; null takes those of a known layout.</summary>
    public DataColumns? Columns { get; init; }

    /// <summary>What the labels mean; null goes by their looks.</summary>
    public ProblemType? Problem { get; init; }

    /// <summary>How files are read.</summary>
    public ReadOptions Reading { get; init; } = ReadOptions.Default;

    /// <summary>The model whose tokens are counted; null counts none.</summary>
    public CheckedModel? Model { get; init; }
}

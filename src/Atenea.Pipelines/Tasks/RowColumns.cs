using Atenea.Data;

namespace Atenea.Pipelines;

/// <summary>Where rows have their texts: in the columns that were named, else in those that the model was trained with.</summary>
internal sealed class RowColumns(TaskParameters asked, ModelSettings trained)
{
    /// <summary>A row's text.</summary>
    public string Text(TextRow row) => row.Text(asked.TextColumn, trained);

    /// <summary>A row's text, with its second text where it has one.</summary>
    public TextInput TextOrPair(TextRow row) => new(Text(row), Second(row));

    /// <summary>A row's two texts, for tasks that need both.</summary>
    public TextInput Pair(TextRow row) => new(Text(row), Second(row) ?? row.Get(TextRow.UsualPair));

    private string? Second(TextRow row) => asked.PairColumn is { } named ? row.Get(named)
        : trained.TextPair is { } known ? row.Find(known)
        : null;
}

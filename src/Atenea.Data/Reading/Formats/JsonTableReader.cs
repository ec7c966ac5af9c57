namespace Atenea.Data;

/// <summary>What the readers of JSON have in common.</summary>
/// <param name="path">The file.</param>
/// <param name="input">Its text.</param>
/// <param name="log">Takes what is found.</param>
internal abstract class JsonTableReader(string path, Utf8Input input, ReadingLog log) : TableReader(path, log)
{
    /// <inheritdoc/>
    public override string? EncodingName => Input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => Table.Columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => Table.Cells;

    /// <summary>The text.</summary>
    protected Utf8Input Input { get; } = input;

    /// <summary>Columns and cells.</summary>
    protected JsonTable Table { get; } = new();

    /// <inheritdoc/>
    internal override CellKind Kind(int column) => Table.Kinds[column];

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => Input.Dispose();
}

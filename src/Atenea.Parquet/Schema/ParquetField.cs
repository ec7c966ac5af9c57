namespace Atenea.Parquet;

/// <summary>The shapes of a field.</summary>
public enum FieldShape
{
    /// <summary>A single value.</summary>
    Value,

    /// <summary>Named children.</summary>
    Struct,

    /// <summary>Any number of elements; the one child is the element.</summary>
    List,

    /// <summary>Pairs of a key and a value; the one child is a structure of the two.</summary>
    Map,
}

/// <summary>
/// A field of the schema as users see it: the wrapping groups that the format puts around lists and maps are gone.
/// Source: https://github.com/apache/parquet-format/blob/master/LogicalTypes.md
/// </summary>
public sealed class ParquetField
{
    internal ParquetField(string name, FieldShape shape, bool isNullable)
    {
        Name = name;
        Shape = shape;
        IsNullable = isNullable;
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>What it consists of.</summary>
    public FieldShape Shape { get; }

    /// <summary>Whether it may be null.</summary>
    public bool IsNullable { get; }

    /// <summary>The type of a single value; null for the other shapes.</summary>
    public ParquetValueType? Type { get; internal init; }

    /// <summary>The children: of a structure its members, of a list its element, of a map a structure of key and value.</summary>
    public IReadOnlyList<ParquetField> Children { get; internal init; } = [];

    /// <summary>The column that holds the values; null for the shapes with children.</summary>
    internal LeafColumn? Leaf { get; init; }

    /// <summary>The columns under this field, as a range of leaf numbers.</summary>
    internal (int First, int Count) Leaves { get; init; }

    /// <summary>A level belongs to an entry of this field (null or not) if its definition level is this or more.</summary>
    internal int EntryDefinition { get; init; }

    /// <summary>A level starts an entry of this field if its repetition level is this or less.</summary>
    internal int EntryRepetition { get; init; }

    /// <summary>The field itself is not null if the definition level is this or more.</summary>
    internal int PresentDefinition { get; init; }

    /// <summary>The type's name as Arrow has it, for example <c>list&lt;item: string&gt;</c>.</summary>
    public string TypeName => Shape switch
    {
        FieldShape.Struct => $"struct<{string.Join(", ", Children.Select(c => $"{c.Name}: {c.TypeName}"))}>",
        FieldShape.List => $"list<item: {Children[0].TypeName}>",
        FieldShape.Map => $"map<{string.Join(", ", Children[0].Children.Select(c => c.TypeName))}>",
        _ => Type!.ToString(),
    };

    /// <inheritdoc/>
    public override string ToString() => $"{Name}: {TypeName}";
}

/// <summary>A column as it is stored.</summary>
/// <param name="Index">Its number among the columns of a row group.</param>
/// <param name="Path">Its path, joined with dots, for messages.</param>
/// <param name="Type">The type of its values.</param>
/// <param name="MaxDefinition">The definition level of a value that is there.</param>
/// <param name="ListDefinitions">The definition level that an element of each list around it has, the outermost first.</param>
internal sealed record LeafColumn(int Index, string Path, ParquetValueType Type, int MaxDefinition, int[] ListDefinitions)
{
    /// <summary>The number of lists around it, which is the largest repetition level.</summary>
    public int MaxRepetition => ListDefinitions.Length;
}

using Atenea.Parquet;

namespace Atenea.Data;

/// <summary>The type that a file declares for a column.</summary>
/// <param name="Name">Its name for messages: <c>int64</c>, <c>list&lt;item: string&gt;</c>, <c>class of neg, pos</c>.</param>
/// <param name="Family">
/// Equal for types whose values read alike: integers of any width, real numbers of any width. Null agrees with every type.
/// </param>
internal sealed record ColumnType(string Name, string? Family)
{
    /// <summary>The type of a column of a Parquet file.</summary>
    /// <param name="field">The column.</param>
    /// <param name="classes">The names of its classes, where the file gives them.</param>
    public static ColumnType Of(ParquetField field, IReadOnlyList<string>? classes)
    {
        string family = FamilyOf(field);
        if (classes is null) return new ColumnType(field.TypeName, field.Type?.Kind == ValueKind.Null ? null : family);
        string name = $"{(field.Shape == FieldShape.List ? "list of classes" : "class of")} {string.Join(", ", classes)}";
        return new ColumnType(name, name);
    }

    /// <summary>Whether values of both types read alike.</summary>
    public bool AgreesWith(ColumnType other) => Family is null || other.Family is null || Family == other.Family;

    private static string FamilyOf(ParquetField field) => field switch
    {
        { Shape: not FieldShape.Value } => $"{field.Shape}<{string.Join(", ", field.Children.Select(c => $"{c.Name}: {FamilyOf(c)}"))}>",
        { Type.Kind: ValueKind.Integer } => "integer",
        { Type.Kind: ValueKind.Half or ValueKind.Single or ValueKind.Double } => "number",
        _ => field.TypeName,
    };
}

namespace Atenea.Data;

/// <summary>What a file writes in a cell.</summary>
internal enum CellKind
{
    /// <summary>Nothing: the key or field is not there.</summary>
    Missing,

    /// <summary>The null of JSON or Parquet.</summary>
    Null,

    /// <summary>Text.</summary>
    Text,

    /// <summary>A number.</summary>
    Number,

    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>A list.</summary>
    List,

    /// <summary>An object of named values.</summary>
    Object,
}

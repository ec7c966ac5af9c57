namespace Atenea.Data;

/// <summary>The formats of data files.</summary>
public enum DataFormat
{
    /// <summary>Separated values with a header and quotation by RFC 4180.</summary>
    Csv,

    /// <summary>Values between tabs with a header; quotation marks are text.</summary>
    Tsv,

    /// <summary>A JSON list of objects.</summary>
    Json,

    /// <summary>A JSON object per line.</summary>
    JsonLines,

    /// <summary>A JSON object of columns: lists, or objects of row names as pandas writes them.</summary>
    JsonColumns,

    /// <summary>Text, a row per line, in the column <c>text</c>.</summary>
    Text,

    /// <summary>Text, a row per paragraph (lines between blank lines, joined by spaces), in the column <c>text</c>.</summary>
    Paragraphs,

    /// <summary>A token and its tags per line, blank lines between sentences: columns <c>tokens</c> and <c>tags</c>.</summary>
    Conll,

    /// <summary>SemEval-2010 Task 8: sentences with two marked entities and the relation between them.</summary>
    Relations,

    /// <summary>Parquet.</summary>
    Parquet,
}

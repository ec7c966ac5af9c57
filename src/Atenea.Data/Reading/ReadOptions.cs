namespace Atenea.Data;

/// <summary>How a data file is to be read, where its name and content leave a choice.</summary>
public sealed record ReadOptions
{
    /// <summary>Everything as the file's name and content say.</summary>
    public static ReadOptions Default { get; } = new();

    /// <summary>The format; null goes by the file's name and content.</summary>
    public DataFormat? Format { get; init; }

    /// <summary>The encoding's name; null recognises it by its byte order mark, as UTF-8, or by what its text looks like.</summary>
    public string? Encoding { get; init; }

    /// <summary>The separator of a CSV file; null goes by the header.</summary>
    public char? Separator { get; init; }

    /// <summary>Names of the columns of a file without a header; null takes them from the header.</summary>
    public IReadOnlyList<string>? ColumnNames { get; init; }

    /// <summary>The key below which a JSON file has its rows.</summary>
    public string? Field { get; init; }

    /// <summary>The column of CoNLL tags, from 0; negative from the end. Names follow as <c>tags</c> whatever it is.</summary>
    public int TagColumn { get; init; } = -1;

    /// <summary>The scheme that CoNLL tags are converted to; null leaves them as they are.</summary>
    public TagScheme? TagScheme { get; init; }
}

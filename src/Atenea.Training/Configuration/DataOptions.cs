using Atenea.Data;

namespace Atenea.Training;

/// <summary>Section <c>data</c> of a config.</summary>
public sealed class DataOptions
{
    /// <summary>File of training rows, or null when <see cref="Dataset"/> is named.</summary>
    public string? Train { get; set; }

    /// <summary>File of validation rows.</summary>
    public string? Validation { get; set; }

    /// <summary>File of test rows, evaluated once at the end.</summary>
    public string? Test { get; set; }

    /// <summary>Hub dataset, in place of files.</summary>
    public string? Dataset { get; set; }

    /// <summary>Configuration of the hub dataset.</summary>
    public string? Name { get; set; }

    /// <summary>Revision of the hub dataset.</summary>
    public string? Revision { get; set; }

    /// <summary>Format of the files; null goes by their names and content.</summary>
    public DataFormat? Format { get; set; }

    /// <summary>Encoding of the files; null recognises it.</summary>
    public string? Encoding { get; set; }

    /// <summary>Separator of CSV files; null goes by their header.</summary>
    public string? Separator { get; set; }

    /// <summary>Names of the columns of files without a header.</summary>
    public IReadOnlyList<string>? Columns { get; set; }

    /// <summary>Key below which a JSON file has its rows.</summary>
    public string? Field { get; set; }

    /// <summary>Whether malformed rows are left out and counted.</summary>
    public bool SkipBadRows { get; set; }

    /// <summary>Test rows sampled from the training rows: a share or a number.</summary>
    public double? TestSize { get; set; }

    /// <summary>Validation rows sampled from the training rows that are left: a share or a number.</summary>
    public double? ValidationSize { get; set; }

    /// <summary>Seed of sampling and shuffling.</summary>
    public int SplitSeed { get; set; } = 42;

    /// <summary>Column whose shares sampled splits keep.</summary>
    public string? Stratify { get; set; }

    /// <summary>Whose random numbers sampled splits follow.</summary>
    public SplitMethod SplitMethod { get; set; }

    /// <summary>Whether each split is shuffled before its first rows are taken.</summary>
    public bool Shuffle { get; set; }

    /// <summary>Folder that keeps tokenised texts between runs; null keeps none.</summary>
    public string? CacheDir { get; set; }

    /// <summary>Column of the text.</summary>
    public string Text { get; set; } = "text";

    /// <summary>Column of the second text, for pairs.</summary>
    public string? TextPair { get; set; }

    /// <summary>Column of the label; several when each label of multi-label data, or each target number, has a column of its own.</summary>
    public IReadOnlyList<string> Label { get; set; } = ["label"];

    /// <summary>Names of the labels in the order of their ids; null takes those of the training rows, sorted.</summary>
    public IReadOnlyList<string>? Labels { get; set; }

    /// <summary>
    /// Longest sequence in tokens, special tokens included; null is the model's own limit. Longer texts are truncated and counted.
    /// </summary>
    public int? MaxLength { get; set; }

    /// <summary>Use only the first so many training rows.</summary>
    public int? MaxTrainSamples { get; set; }

    /// <summary>Use only the first so many validation rows.</summary>
    public int? MaxEvalSamples { get; set; }

    /// <summary>Use only the first so many test rows.</summary>
    public int? MaxPredictSamples { get; set; }
}

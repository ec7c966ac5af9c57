using Atenea.Data;

namespace Atenea.Training;

/// <summary>Section <c>data</c> of a config.</summary>
public sealed record DataOptions
{
    /// <summary>File of training rows, or null when <see cref="Dataset"/> is named.</summary>
    public string? Train { get; init; }

    /// <summary>File of validation rows.</summary>
    public string? Validation { get; init; }

    /// <summary>File of test rows, evaluated once at the end.</summary>
    public string? Test { get; init; }

    /// <summary>Hub dataset, in place of files.</summary>
    public string? Dataset { get; init; }

    /// <summary>Configuration of the hub dataset.</summary>
    public string? Name { get; init; }

    /// <summary>Revision of the hub dataset.</summary>
    public string? Revision { get; init; }

    /// <summary>Format of the files; null goes by their names and content.</summary>
    public DataFormat? Format { get; init; }

    /// <summary>Encoding of the files; null recognises it.</summary>
    public string? Encoding { get; init; }

    /// <summary>Separator of CSV files; null goes by their header.</summary>
    public string? Separator { get; init; }

    /// <summary>Names of the columns of files without a header.</summary>
    public IReadOnlyList<string>? Columns { get; init; }

    /// <summary>Key below which a JSON file has its rows.</summary>
    public string? Field { get; init; }

    /// <summary>Whether malformed rows are left out and counted.</summary>
    public bool SkipBadRows { get; init; }

    /// <summary>Test rows sampled from the training rows: a share or a number.</summary>
    public double? TestSize { get; init; }

    /// <summary>Validation rows sampled from the training rows that are left: a share or a number.</summary>
    public double? ValidationSize { get; init; }

    /// <summary>Seed of sampling and shuffling.</summary>
    public int SplitSeed { get; init; } = 42;

    /// <summary>Column whose shares sampled splits keep.</summary>
    public string? Stratify { get; init; }

    /// <summary>Whose random numbers sampled splits follow.</summary>
    public SplitMethod SplitMethod { get; init; }

    /// <summary>Whether each split is shuffled before its first rows are taken.</summary>
    public bool Shuffle { get; init; }

    /// <summary>Folder that keeps tokenised texts between runs; null keeps none.</summary>
    public string? CacheDir { get; init; }

    /// <summary>Column of the text, or of the words; null is the usual one of the task.</summary>
    public string? Text { get; init; }

    /// <summary>Column of the second text, for pairs.</summary>
    public string? TextPair { get; init; }

    /// <summary>
    /// Column of the label; several when each label of multi-label data, or each target number, has a column of its own. Null is the usual
    /// one of the task.
    /// </summary>
    public IReadOnlyList<string>? Label { get; init; }

    /// <summary>Names of the labels in the order of their ids; null takes those of the training rows, sorted.</summary>
    public IReadOnlyList<string>? Labels { get; init; }

    /// <summary>
    /// Longest sequence in tokens, special tokens included; null is the model's own limit. Longer texts are truncated and counted.
    /// </summary>
    public int? MaxLength { get; init; }

    /// <summary>
    /// Tokens that neighbouring windows of a text longer than <see cref="MaxLength"/> share; null cuts such texts at their end.
    /// </summary>
    public int? Stride { get; init; }

    /// <summary>
    /// Token classification: whether every piece of a word has its tag, with <c>I-</c> in place of <c>B-</c> behind the first piece, or the
    /// first piece alone.
    /// </summary>
    public bool LabelAllTokens { get; init; }

    /// <summary>Fill-mask: whether each text is a sequence of its own, or all texts one after another are cut into blocks.</summary>
    public bool LineByLine { get; init; }

    /// <summary>Fill-mask: share of tokens that the model must find.</summary>
    public double MlmProbability { get; init; } = 0.15;

    /// <summary>Fill-mask: share of these that the mask stands for.</summary>
    public double MaskReplaceProb { get; init; } = 0.8;

    /// <summary>Fill-mask: share of these that a random token stands for; the rest are left as they are.</summary>
    public double RandomReplaceProb { get; init; } = 0.1;

    /// <summary>Fill-mask: whether whole words are chosen, not pieces of them.</summary>
    public bool WholeWordMask { get; init; }

    /// <summary>Use only the first so many training rows.</summary>
    public int? MaxTrainSamples { get; init; }

    /// <summary>Use only the first so many validation rows.</summary>
    public int? MaxEvalSamples { get; init; }

    /// <summary>Use only the first so many test rows.</summary>
    public int? MaxPredictSamples { get; init; }

    /// <summary>How the files are read.</summary>
    public ReadOptions Reading => new()
    {
        Format = Format,
        Encoding = Encoding,
        Separator = Separator is [char separator] ? separator : null,
        ColumnNames = Columns,
        Field = Field,
    };

    /// <summary>The rows that the section names, ready to be read.</summary>
    public DatasetSource ToSource() => new()
    {
        Train = Train,
        Validation = Validation,
        Test = Test,
        Dataset = Dataset,
        Name = Name,
        Revision = Revision,
        Reading = Reading,
        SkipBadRows = SkipBadRows,
        Sampling = new SamplingOptions
        {
            TestSize = TestSize,
            ValidationSize = ValidationSize,
            Seed = (ulong)SplitSeed,
            Stratify = Stratify,
            Method = SplitMethod,
            Shuffle = Shuffle,
        },
    };
}

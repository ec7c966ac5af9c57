using Atenea.Data;

namespace Atenea.Training;

/// <summary>The keys of section <c>data</c>.</summary>
internal static class DataKeys
{
    private static readonly Dictionary<string, DataFormat> DataFormats = new()
    {
        ["csv"] = DataFormat.Csv,
        ["tsv"] = DataFormat.Tsv,
        ["json"] = DataFormat.Json,
        ["jsonl"] = DataFormat.JsonLines,
        ["json-columns"] = DataFormat.JsonColumns,
        ["text"] = DataFormat.Text,
        ["paragraphs"] = DataFormat.Paragraphs,
        ["conll"] = DataFormat.Conll,
        ["semeval2010-task8"] = DataFormat.Relations,
        ["parquet"] = DataFormat.Parquet,
    };

    private static readonly Dictionary<string, string> Separators = new()
    {
        ["comma"] = ",",
        ["semicolon"] = ";",
        ["tab"] = "\t",
        ["pipe"] = "|",
    };

    private static readonly Dictionary<string, SplitMethod> SplitMethods = new()
    {
        ["scikit-learn"] = SplitMethod.ScikitLearn,
        ["datasets"] = SplitMethod.Datasets,
    };

    public static ConfigSection<DataOptions> Section { get; } = new ConfigSection<DataOptions>(
        "data", "Rows: files (CSV, TSV, JSON, JSONL, Parquet, CoNLL, text, .gz of each; a relative path starts at this file's folder, "
            + "* names several), or a hub dataset.",
        c => c.Data, (c, o) => c with { Data = o })
        .OptionalFile("train", "Training rows; with a dataset also the name of one of its splits.",
            o => o.Train, (o, v) => o with { Train = v })
        .OptionalFile("validation", "Validation rows.", o => o.Validation, (o, v) => o with { Validation = v })
        .OptionalFile("test", "Test rows, evaluated once at the end with the model in best/.", o => o.Test, (o, v) => o with { Test = v })
        .OptionalText("dataset", "Hub dataset or folder of splits, in place of files.",
            o => o.Dataset, (o, v) => o with { Dataset = v }, namedOrFolder: true)
        .OptionalText("name", "Configuration of the hub dataset.", o => o.Name, (o, v) => o with { Name = v })
        .OptionalText("revision", "Revision of the hub dataset; null is main.", o => o.Revision, (o, v) => o with { Revision = v })
        .OptionalChoice("format", DataFormats.Keys.ToDictionary(k => k), "Format of the files; null goes by their names and content.",
            o => o.Format is { } format ? DataFormats.First(f => f.Value == format).Key : null,
            (o, v) => o with { Format = v is null ? null : DataFormats[v] })
        .OptionalText("encoding", "Encoding of the files, such as windows-1252; null recognises it.",
            o => o.Encoding, (o, v) => o with { Encoding = v })
        .OptionalChoice("separator", Separators, "Separator of CSV files; null goes by their header.",
            o => o.Separator is { } s ? Separators.First(x => x.Value == s).Key : null,
            (o, v) => o with { Separator = v is null ? null : Separators.GetValueOrDefault(v, v) })
        .Key("columns", "a list of columns", "Names of the columns of files without a header.",
            (o, v) => o with { Columns = v.OptionalTextList() }, o => Yaml.List(o.Columns))
        .OptionalText("field", "Key below which a JSON file has its rows.", o => o.Field, (o, v) => o with { Field = v })
        .Boolean("skip_bad_rows", "Leave out rows that cannot be read, and count them; false ends at the first.",
            o => o.SkipBadRows, (o, v) => o with { SkipBadRows = v })
        .OptionalSize("test_size", "Test rows to sample from the training rows: below 1 a share, else a number.",
            o => o.TestSize, (o, v) => o with { TestSize = v })
        .OptionalSize("validation_size", "Validation rows to sample from the training rows that are left, likewise.",
            o => o.ValidationSize, (o, v) => o with { ValidationSize = v })
        .OptionalText("stratify", "Column whose shares the sampled splits keep, such as the label.",
            o => o.Stratify, (o, v) => o with { Stratify = v })
        .Choice("split_method", SplitMethods, "Whose train_test_split the sampled splits equal, row by row.",
            o => o.SplitMethod, (o, v) => o with { SplitMethod = v })
        .Boolean("shuffle", "Shuffle each split as datasets' shuffle(seed) does, before max_..._samples take its first rows.",
            o => o.Shuffle, (o, v) => o with { Shuffle = v })
        .Integer("split_seed", 0, "Seed of the sampled splits and of data.shuffle.", o => o.SplitSeed, (o, v) => o with { SplitSeed = v })
        .OptionalText("cache_dir", "Folder that keeps tokenised texts for later runs with the same texts and tokenizer; null keeps none.",
            o => o.CacheDir, (o, v) => o with { CacheDir = v })
        .OptionalText("text", "Column of the text, or of the words; null is text, for token-classification tokens.",
            o => o.Text, (o, v) => o with { Text = v })
        .OptionalText("text_pair", "Column of the second text, for pairs.", o => o.TextPair, (o, v) => o with { TextPair = v })
        .Key("label", "a column or a list of columns",
            "Column of the label, or one per label; null is label, for token-classification tags or ner_tags.",
            (o, v) => o with { Label = v.IsNull ? null : v.OneOrMoreTexts() },
            o => o.Label is [string only] ? Yaml.Text(only) : Yaml.List(o.Label))
        .Key("labels", "a list of texts", "Label names in the order of their ids; null takes them from the training rows.",
            (o, v) => o with { Labels = v.OptionalTextList() }, o => Yaml.List(o.Labels))
        .OptionalInteger("max_length", 2, "Longest sequence in tokens, special ones included; null is the model's limit.",
            o => o.MaxLength, (o, v) => o with { MaxLength = v })
        .OptionalInteger("stride", 0, "Tokens that neighbouring windows of a long text share; null cuts long texts.",
            o => o.Stride, (o, v) => o with { Stride = v })
        .Boolean("label_all_tokens",
            "Token classification: every piece of a word has its tag (B- becomes I- behind the first), not the first alone.",
            o => o.LabelAllTokens, (o, v) => o with { LabelAllTokens = v })
        .Boolean("line_by_line", "Fill-mask: each text is a sequence of its own, in place of blocks of max_length tokens of all texts.",
            o => o.LineByLine, (o, v) => o with { LineByLine = v })
        .Number("mlm_probability", "Fill-mask: share of tokens that the model must find.",
            o => o.MlmProbability, (o, v) => o with { MlmProbability = v }, maximum: 1, withMinimum: false)
        .Number("mask_replace_prob", "Fill-mask: share of these that the mask stands for.",
            o => o.MaskReplaceProb, (o, v) => o with { MaskReplaceProb = v }, maximum: 1)
        .Number("random_replace_prob", "Fill-mask: share of these that a random token stands for; the rest are left as they are.",
            o => o.RandomReplaceProb, (o, v) => o with { RandomReplaceProb = v }, maximum: 1)
        .Boolean("whole_word_mask", "Fill-mask: whole words are chosen, not pieces of them.",
            o => o.WholeWordMask, (o, v) => o with { WholeWordMask = v })
        .OptionalInteger("max_train_samples", 1, "Use only the first so many training rows.",
            o => o.MaxTrainSamples, (o, v) => o with { MaxTrainSamples = v })
        .OptionalInteger("max_eval_samples", 1, "Use only the first so many validation rows.",
            o => o.MaxEvalSamples, (o, v) => o with { MaxEvalSamples = v })
        .OptionalInteger("max_predict_samples", 1, "Use only the first so many test rows.",
            o => o.MaxPredictSamples, (o, v) => o with { MaxPredictSamples = v });
}

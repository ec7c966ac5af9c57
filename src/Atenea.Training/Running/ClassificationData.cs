using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>The rows of a run as the model takes them: labels collected, texts tokenised, everything out of the ordinary counted.</summary>
public sealed class ClassificationData
{
    private ClassificationData(ProblemType problem, LabelSet labels, EncodedDataset train)
    {
        Problem = problem;
        Labels = labels;
        Train = train;
    }

    /// <summary>What the labels mean.</summary>
    public ProblemType Problem { get; }

    /// <summary>The labels in the order of their ids.</summary>
    public LabelSet Labels { get; }

    /// <summary>Longest sequence in tokens.</summary>
    public int MaxLength { get; private init; }

    /// <summary>Training rows.</summary>
    public EncodedDataset Train { get; }

    /// <summary>Validation rows, or null.</summary>
    public EncodedDataset? Validation { get; private init; }

    /// <summary>Test rows, or null.</summary>
    public EncodedDataset? Test { get; private init; }

    /// <summary>Reads and encodes the rows that a config names.</summary>
    /// <param name="config">The config.</param>
    /// <param name="model">The model's config.json, for its labels and problem type.</param>
    /// <param name="tokenizer">The model's tokenizer.</param>
    /// <param name="longest">The most tokens that the model takes.</param>
    /// <param name="threads">Threads for tokenising; 0 for all.</param>
    /// <param name="notice">Told what is out of the ordinary.</param>
    /// <exception cref="AteneaException">Data are missing or wrong (ATN02xx, ATN04xx), or the config does not fit them
    /// (ATN0116).</exception>
    public static ClassificationData Load(RunConfig config, ModelConfig model, Tokenizer tokenizer, int longest, int threads, Action<string> notice)
    {
        DataOptions options = config.Data;
        var source = new DatasetSource
        {
            Train = options.Train,
            Validation = options.Validation,
            Test = options.Test,
            Dataset = options.Dataset,
            Name = options.Name,
            Revision = options.Revision,
            Reading = new ReadOptions
            {
                Format = options.Format,
                Encoding = options.Encoding,
                Separator = options.Separator is [char separator] ? separator : null,
                ColumnNames = options.Columns,
                Field = options.Field,
            },
            SkipBadRows = options.SkipBadRows,
            Sampling = new SamplingOptions
            {
                TestSize = options.TestSize,
                ValidationSize = options.ValidationSize,
                Seed = (ulong)options.SplitSeed,
                Stratify = options.Stratify,
                Method = options.SplitMethod,
                Shuffle = options.Shuffle,
            },
        };
        // The run's own config names the commit, so that it can be repeated with exactly these rows.
        if (source.FindCommit() is { } commit) (options.Dataset, options.Revision) = (HubSnapshots.SplitRevision(options.Dataset!).Id, commit);
        DatasetSplits splits = source.Load();
        Dataset train = Limit(splits.Train, options.MaxTrainSamples)
            ?? throw new AteneaException(Catalogue.NothingToTrainOn, "the data set has no training rows", options.Dataset, "name a file of rows under data.train");
        Dataset? validation = Limit(splits.Validation, options.MaxEvalSamples), test = Limit(splits.Test, options.MaxPredictSamples);

        var columns = new DataColumns(options.Text, options.TextPair, options.Label);
        ProblemType problem = Problems(config.ModelOptions.ProblemType) ?? LabelReader.InferProblemType(train, columns);
        Dataset Clean(Dataset rows, IReadOnlyList<string>? classes) => LabelledRows.Clean(rows, columns, problem, notice, classes);
        train = Clean(train, options.Labels);
        if (train.Count == 0) throw new AteneaException(Catalogue.LabelInvalid, "no training row has a label", options.Train ?? options.Dataset, "name the column of the labels with data.label");
        LabelSet labels = ChooseLabels(options, model, train, columns, problem);
        Dataset? Scored(Dataset? rows, string name)
        {
            if (rows is null) return null;
            Dataset clean = Clean(rows, labels.Names);
            if (clean.Count > 0) return clean;
            notice($"the {name} rows have no labels and are not scored"); // as the test rows of GLUE and other competitions
            return null;
        }

        (validation, test) = (Scored(validation, "validation"), Scored(test, "test"));
        if (validation is null && config.Training.EvalStrategy != IntervalStrategy.No)
        {
            throw new AteneaException(Catalogue.ConfigConflict, "training.eval_strategy asks for evaluations, but the data set has no labelled validation rows", options.Dataset,
                "name a file under data.validation, or set training.eval_strategy to no");
        }

        if (config.ModelOptions.NumLabels is { } count && count != labels.Count)
        {
            throw new AteneaException(Catalogue.ConfigConflict, $"model_options.num_labels is {count}, the data have {labels.Count} labels: {string.Join(", ", labels.Names)}",
                remedy: "leave model_options.num_labels out, or name all labels under data.labels");
        }

        int maxLength = Math.Min(options.MaxLength ?? longest, longest);
        if (options.MaxLength > longest) notice($"data.max_length is {options.MaxLength}, the model takes {longest} tokens: texts are cut to {longest}");
        EncodedDataset? Encode(Dataset? rows, string name)
        {
            if (rows is null) return null;
            EncodedDataset encoded = options.CacheDir is { } cache
                ? new EncodedCache(cache).Encode(rows, columns, tokenizer, maxLength, threads)
                : EncodedDataset.Encode(rows, columns, tokenizer, maxLength, threads);
            if (problem == ProblemType.SingleLabelClassification) encoded.SetLabels(columns, labels);
            else encoded.SetTargets(columns, labels, problem);
            LabelledRows.Tell(rows, encoded, name + " ", maxLength, notice);
            return encoded;
        }

        return new ClassificationData(problem, labels, Encode(train, "training")!) { MaxLength = maxLength, Validation = Encode(validation, "validation"), Test = Encode(test, "test") };
    }

    /// <summary>A problem type by its name in a config.json; null stays null.</summary>
    internal static ProblemType? Problems(string? name) => name switch
    {
        null => null,
        "single_label_classification" => ProblemType.SingleLabelClassification,
        "multi_label_classification" => ProblemType.MultiLabelClassification,
        _ => ProblemType.Regression,
    };

    private static Dataset? Limit(Dataset? rows, int? most) => most is { } count ? rows?.Take(count) : rows;

    /// <summary>
    /// The config's labels; else the model's own if they cover the data, so that a classifier trained before goes on as it is; else those
    /// of the training rows.
    /// </summary>
    private static LabelSet ChooseLabels(DataOptions options, ModelConfig model, Dataset train, DataColumns columns, ProblemType problem)
    {
        if (options.Labels is { } named) return new LabelSet(named);
        LabelSet found = LabelReader.Collect(train, columns, problem);
        if (problem == ProblemType.Regression || !model.NamesLabels) return found;
        IReadOnlyList<string> own = model.Labels;
        return found.Names.All(own.Contains) ? new LabelSet(own) : found;
    }
}

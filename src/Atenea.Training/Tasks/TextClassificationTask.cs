using Atenea.Data;
using Atenea.Errors;
using Atenea.Hub;
using Atenea.Models;
using Atenea.Reports;

namespace Atenea.Training;

/// <summary>Texts or pairs of texts and their class, their classes, or their numbers: one feature for each row.</summary>
internal sealed class TextClassificationTask : TrainingTask
{
    /// <summary>What a config calls it.</summary>
    public const string TaskName = "text-classification";

    private const int LabelsShown = 40;

    private LabelSet _labels = new([]);
    private IReadOnlyList<string> _names = []; // as they are shown
    private ProblemType _problem;

    /// <summary>Makes the task of a run.</summary>
    public TextClassificationTask(TaskContext context)
        : base(context)
    {
        DataOptions data = context.Config.Data;
        Columns = new DataColumns(data.Text ?? DataColumns.Default.Text, data.TextPair, data.Label ?? DataColumns.Default.Label);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetricNames => ["loss", .. ClassificationScorer.MetricNames(_problem)];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => _problem switch
    {
        ProblemType.SingleLabelClassification => ["accuracy", "f1_macro", "f1_weighted"],
        ProblemType.MultiLabelClassification => ["accuracy", "f1_micro", "f1_macro"],
        _ => ["pearson", "spearman", "r2"],
    };

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => _labels.Names;

    /// <inheritdoc/>
    public override ProblemType? Problem => _problem;

    /// <inheritdoc/>
    public override DataColumns Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> EvaluationKeys => [];

    /// <inheritdoc/>
    public override Dataset Learn(Dataset train)
    {
        DataOptions options = Context.Config.Data;
        _problem = ProblemTypes.Find(Context.Config.ModelOptions.ProblemType) ?? LabelReader.InferProblemType(train, Columns);
        train = Clean(train, options.Labels);
        if (train.Count == 0)
        {
            throw new AteneaException(Catalogue.LabelInvalid, "no training row has a label", options.Train ?? options.Dataset,
                "name the column of the labels with data.label");
        }

        _labels = Choose(() => LabelReader.Collect(train, Columns, _problem));
        _names = _labels.Names;
        CheckCount(_labels);
        if (Context.Config.Training.LabelSmoothingFactor > 0 && _problem != ProblemType.SingleLabelClassification)
        {
            throw new AteneaException(Catalogue.ConfigConflict,
                "training.label_smoothing_factor has a meaning only where each row has one label",
                remedy: "set training.label_smoothing_factor to 0");
        }

        return train;
    }

    /// <inheritdoc/>
    public override void Adopt(TaskModel model, Dataset rows)
    {
        _problem = model.Config.ProblemType
            ?? (model.Config.Labels.Count == 1 ? ProblemType.Regression : LabelReader.InferProblemType(rows, Columns));
        _labels = LabelsOf(model);
        _names = model.Config.Labels;
    }

    /// <inheritdoc/>
    public override Dataset Clean(Dataset rows) => Clean(rows, _labels.Names);

    /// <inheritdoc/>
    public override FeatureSet Encode(Dataset rows)
    {
        IReadOnlyList<string> columns = Columns.TextPair is { } pair ? [Columns.Text, pair] : [Columns.Text];
        FeatureSet features = Cached(rows, columns, TaskName,
            () => FeatureSet.FromTexts(rows, Columns, Context.Tokenizer, MaxLength, Context.Threads));
        return features.WithLabels(_problem switch
        {
            ProblemType.SingleLabelClassification => new FeatureLabels(ModelLabels.Usual, LabelReader.Ids(rows, Columns, _labels)),
            ProblemType.MultiLabelClassification =>
                new FeatureLabels(ModelLabels.Usual, LabelReader.MultiHot(rows, Columns, _labels), _labels.Count),
            _ => new FeatureLabels(ModelLabels.Usual, LabelReader.Numbers(rows, Columns), Columns.Label.Count),
        });
    }

    /// <inheritdoc/>
    public override RunConfig Resolve(RunConfig config)
    {
        config = base.Resolve(config);
        config = config with { ModelOptions = config.ModelOptions with { ProblemType = ProblemTypes.NameOf(_problem) } };
        return _problem == ProblemType.Regression ? config : config with { Data = config.Data with { Labels = _labels.Names } };
    }

    /// <inheritdoc/>
    public override TaskScorer Score(FeatureSet features) => new ClassificationScorer(features, _names, _problem);

    /// <inheritdoc/>
    public override string Describe() =>
        _problem == ProblemType.Regression ? $"{_labels.Count} outputs ({string.Join(", ", _labels.Names)})" : base.Describe();

    /// <inheritdoc/>
    public override void AddToReport(Report report, IReadOnlyList<(string Name, FeatureSet Features)> splits)
    {
        if (_problem != ProblemType.SingleLabelClassification || _labels.Count > LabelsShown) return;
        var table = new Table([new Column("label"), .. splits.Select(s => new Column(s.Name, Alignment.Right))]);
        long[][] counts = [.. splits.Select(s => CountLabels(s.Features))];
        for (int id = 0; id < _labels.Count; id++) table.Add([_labels.Names[id], .. counts.Select(c => Values.Count(c[id]))]);
        report.Table(table, "Rows per label");
    }

    private long[] CountLabels(FeatureSet features)
    {
        var counts = new long[_labels.Count];
        FeatureLabels labels = features.LabelsNamed(ModelLabels.Usual);
        for (int feature = 0; feature < features.Count; feature++) counts[labels.Ids(feature)[0]]++;
        return counts;
    }

    /// <summary>
    /// Leaves out rows without a label and writes whole-number labels one way, as <c>data check</c> says, where a row has one class; other
    /// rows stay as they are.
    /// </summary>
    /// <param name="rows">The rows.</param>
    /// <param name="classes">
    /// Labels that are classes even where they read like a missing value (<c>None</c>); those that the rows show if left out.
    /// </param>
    private Dataset Clean(Dataset rows, IReadOnlyList<string>? classes)
    {
        if (_problem != ProblemType.SingleLabelClassification || Columns.Label is not [string label] || !rows.Has(label)) return rows;
        var log = new ReadingLog();
        Dataset clean = DataCleaning.CleanLabels(rows, label, log, classes);
        RowNotices.Tell(rows.Source, log.Findings, Context.Notice);
        return clean;
    }
}

using System.Globalization;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>
/// Words and their tags: names, parts of speech. A row is a sentence, its words and tags are lists; words become pieces, of which the first
/// has the word's tag (or all of them, see <see cref="DataOptions.LabelAllTokens"/>). A sentence that is too long is cut, or becomes
/// several windows that overlap by <see cref="DataOptions.Stride"/> tokens; a word that is in two windows counts in the one where more
/// surrounds it.
/// </summary>
internal sealed class TokenClassificationTask : TrainingTask
{
    /// <summary>What a config calls it.</summary>
    public const string TaskName = "token-classification";

    private const string WordsColumn = "tokens";
    private static readonly string[] TagColumns = ["tags", "ner_tags"];

    private readonly bool _allPieces;
    private LabelSet _labels = new([]);
    private DataColumns _columns;

    /// <summary>Makes the task of a run.</summary>
    public TokenClassificationTask(TaskContext context)
        : base(context)
    {
        DataOptions data = context.Config.Data;
        _allPieces = data.LabelAllTokens;
        _columns = new DataColumns(data.Text ?? WordsColumn, null, data.Label ?? TagColumns);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetricNames => ["loss", .. EntityScorer.MetricNames];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => ["f1", "precision", "recall"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Labels => _labels.Names;

    /// <inheritdoc/>
    public override DataColumns Columns => _columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string> EvaluationKeys => ["data.label_all_tokens"];

    /// <inheritdoc/>
    public override Dataset Learn(Dataset train)
    {
        string column = ChooseColumn(train);
        train = Clean(train);
        _labels = Choose(() => train.ClassNames.TryGetValue(column, out IReadOnlyList<string>? named)
            ? new LabelSet(named)
            : LabelSet.FromValues(train.Lists(column).SelectMany(tags => tags)));
        if (_labels.Count < 2)
        {
            throw new AteneaException(Catalogue.OneClassOnly,
                _labels.Count == 0 ? "no word has a tag" : $"every word has the tag '{_labels.Names[0]}'", $"{train.Source}: {column}");
        }

        CheckCount(_labels);
        return train;
    }

    /// <inheritdoc/>
    public override void Adopt(TaskModel model, Dataset rows)
    {
        ChooseColumn(rows);
        _labels = LabelsOf(model);
    }

    /// <inheritdoc/>
    public override Dataset Clean(Dataset rows)
    {
        IReadOnlyList<string[]> words = rows.Lists(_columns.Text);
        int[] kept = [.. Enumerable.Range(0, rows.Count).Where(row => words[row].Length > 0)];
        if (kept.Length == 0) throw new AteneaException(Catalogue.TextsEmpty, $"all {rows.Count} texts", $"{rows.Source}: {_columns.Text}");
        if (kept.Length == rows.Count) return rows;
        Context.Notice($"{rows.Source}: rows without words were left out: {rows.Count - kept.Length}");
        return rows.Select(kept);
    }

    /// <inheritdoc/>
    public override FeatureSet Encode(Dataset rows)
    {
        string column = ChooseColumn(rows);
        string settings = string.Join('\n',
            [TaskName, _allPieces.ToString(), Context.Config.Data.Stride?.ToString(CultureInfo.InvariantCulture) ?? "", .. _labels.Names]);
        return Cached(rows, [_columns.Text, column], settings, () => Make(rows, column));
    }

    /// <inheritdoc/>
    public override RunConfig Resolve(RunConfig config)
    {
        config = base.Resolve(config);
        return config with { Data = config.Data with { Labels = _labels.Names, Text = _columns.Text, Label = _columns.Label } };
    }

    /// <inheritdoc/>
    public override void Fill(InputBatch batch, ModelLabels labels, FeatureSet features, ReadOnlySpan<int> members, int? epoch)
    {
        base.Fill(batch, labels, features, members, epoch);
        Span<int> ids = labels.SetIds(ModelLabels.Usual, batch.Tokens);
        foreach (int feature in members)
        {
            ReadOnlySpan<int> marks = features.Marks(feature);
            for (int i = 0; i < marks.Length; i++) ids[i] = PieceLabels.LabelOf(marks[i]);
            ids = ids[marks.Length..];
        }
    }

    /// <inheritdoc/>
    public override TaskScorer Score(FeatureSet features) => new EntityScorer(features, _labels.Names);

    private FeatureSet Make(Dataset rows, string column)
    {
        IReadOnlyList<string[]> words = rows.Lists(_columns.Text), tags = rows.Lists(column);
        IReadOnlyList<string>? classes = rows.ClassNames.GetValueOrDefault(column);
        int? stride = Context.Config.Data.Stride;
        var options = new EncodeOptions { MaxLength = MaxLength, Stride = stride ?? 0 };
        var pieces = new PieceLabels(_labels.Names, _allPieces);
        return FeatureSet.FromRows(rows, Context.Threads, emptyRows: 0, row =>
        {
            if (words[row].Length != tags[row].Length)
            {
                throw new AteneaException(Catalogue.LabelInvalid, $"{words[row].Length} words have {tags[row].Length} tags",
                    rows.Place(row),
                    "give each word a tag");
            }

            int[] labels = [.. tags[row].Select(tag => IdOf(tag, classes, rows, row))];
            Encoding encoding = Context.Tokenizer.EncodeWords(words[row], options: options);
            IReadOnlyList<Encoding> windows = stride is null ? [encoding] : [encoding, .. encoding.Overflowing];
            int[][] marks = pieces.Mark(windows, labels);
            return new RowFeatures([.. windows.Select((window, i) => new Feature(window.Ids, window.TypeIds, marks[i]))],
                stride is null && encoding.WasTruncated);
        });
    }

    /// <summary>The id of a tag, which may be written as a class number where the column has class names.</summary>
    private int IdOf(string tag, IReadOnlyList<string>? classes, Dataset rows, int row)
    {
        if (_labels.TryGetId(tag, out int id)) return id;
        IReadOnlyList<string> names = classes ?? _labels.Names;
        bool isNumber = int.TryParse(tag, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number < names.Count;
        return isNumber && _labels.TryGetId(names[number], out id) ? id : throw _labels.Unknown(tag, rows.Place(row));
    }

    /// <summary>The column of the tags: the one named, else the first of the usual ones that there is.</summary>
    private string ChooseColumn(Dataset rows)
    {
        if (_columns.Label.Count == 1) return _columns.Label[0];
        string found = TagColumns.FirstOrDefault(rows.Has) ?? TagColumns[0];
        _columns = _columns with { Label = [found] };
        return found;
    }
}

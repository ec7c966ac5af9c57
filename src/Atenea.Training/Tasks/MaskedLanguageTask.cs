using System.Globalization;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Training;

/// <summary>
/// Texts of which some tokens are hidden for the model to find (BERT, section 3.1), others in every epoch as in RoBERTa (section 4.1). All
/// texts one after another are cut into blocks of the longest sequence, or each text is a sequence of its own
/// (<see cref="DataOptions.LineByLine"/>). In evaluation what is hidden follows from the feature alone, so that runs can be compared.
/// </summary>
internal sealed class MaskedLanguageTask : TrainingTask
{
    /// <summary>What a config calls it.</summary>
    public const string TaskName = "fill-mask";

    private const int UsualBlock = 512; // a block of all that a model takes may be thousands of tokens

    private readonly TokenMasking _masking;
    private readonly bool _lines;
    private readonly ulong _seed;
    private int[] _ids = [];

    /// <summary>Makes the task of a run.</summary>
    /// <exception cref="AteneaException">The tokenizer has no mask token (ATN0552).</exception>
    public MaskedLanguageTask(TaskContext context)
        : base(context.Config.Data is { LineByLine: false, MaxLength: null } && context.LongestSequence > UsualBlock
            ? context with { LongestSequence = UsualBlock }
            : context)
    {
        DataOptions data = context.Config.Data;
        Tokenizer tokenizer = context.Tokenizer;
        int mask = tokenizer.MaskTokenId ?? throw new AteneaException(Catalogue.MaskMissing, "the tokenizer has no mask token");
        _masking = new TokenMasking(data.MlmProbability, data.MaskReplaceProb, data.RandomReplaceProb, data.WholeWordMask, mask,
            Math.Min(tokenizer.HighestId + 1, context.Model.Size("vocab_size")));
        _lines = data.LineByLine;
        _seed = (ulong)context.Config.Training.Seed;
        Columns = new DataColumns(data.Text ?? DataColumns.Default.Text, null, []);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> MetricNames => ["loss", .. MaskScorer.MetricNames];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Headlines => ["accuracy"];

    /// <inheritdoc/>
    public override DataColumns Columns { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> EvaluationKeys =>
    [
        "data.line_by_line", "data.mlm_probability", "data.mask_replace_prob", "data.random_replace_prob", "data.whole_word_mask",
    ];

    /// <inheritdoc/>
    public override Dataset Learn(Dataset train) => Clean(train);

    /// <inheritdoc/>
    public override void Adopt(TaskModel model, Dataset rows)
    {
    }

    /// <inheritdoc/>
    public override Dataset Clean(Dataset rows)
    {
        FeatureSet.CountEmpty(rows, Columns.Text);
        var log = new ReadingLog();
        Dataset clean = DataCleaning.DropEmptyTexts(rows, Columns.Text, log);
        RowNotices.Tell(rows.Source, log.Findings, Context.Notice);
        return clean;
    }

    /// <inheritdoc/>
    public override FeatureSet Encode(Dataset rows)
    {
        string stride = Context.Config.Data.Stride?.ToString(CultureInfo.InvariantCulture) ?? "";
        string settings = string.Join('\n', TaskName, _lines ? "lines" : "blocks", stride);
        return Cached(rows, [Columns.Text], settings, () => Make(rows));
    }

    /// <inheritdoc/>
    public override void Fill(InputBatch batch, ModelLabels labels, FeatureSet features, ReadOnlySpan<int> members, int? epoch)
    {
        int tokens = 0, longest = 0;
        foreach (int feature in members)
        {
            tokens += features.Lengths[feature];
            longest = Math.Max(longest, features.Lengths[feature]);
        }

        if (_ids.Length < longest) _ids = new int[longest];
        Span<int> targets = labels.SetIds(ModelLabels.Usual, tokens);
        foreach (int feature in members)
        {
            int length = features.Lengths[feature];
            Span<int> ids = _ids.AsSpan(0, length);
            features.Ids(feature).CopyTo(ids);
            _masking.Apply(ids, targets[..length], features.Marks(feature), MaskingKey.Of(_seed, epoch, feature));
            batch.Add(ids, features.TypeIds(feature));
            targets = targets[length..];
        }
    }

    /// <inheritdoc/>
    public override TaskScorer Score(FeatureSet features) => new MaskScorer();

    private FeatureSet Make(Dataset rows)
    {
        IReadOnlyList<string?> texts = rows.Column(Columns.Text);
        int? stride = _lines ? Context.Config.Data.Stride : null;
        var options = new EncodeOptions { MaxLength = _lines ? MaxLength : null, Stride = stride ?? 0 };
        FeatureSet features = FeatureSet.FromRows(rows, Context.Threads, emptyRows: 0, row =>
        {
            Encoding encoding = Context.Tokenizer.Encode(texts[row] ?? "", null, options);
            IReadOnlyList<Encoding> windows = stride is null ? [encoding] : [encoding, .. encoding.Overflowing];
            return new RowFeatures([.. windows.Select(w => new Feature(w.Ids, w.TypeIds, TokenMasking.Marks(w)))],
                stride is null && encoding.WasTruncated);
        });
        return _lines ? features : features.InBlocks(MaxLength);
    }
}

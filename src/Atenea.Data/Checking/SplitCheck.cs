using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Data;

/// <summary>
/// Checks one split: reads it chunk by chunk, and gathers what is found in rows, among rows, and in comparison with the splits before.
/// </summary>
internal sealed class SplitCheck
{
    /// <summary>Findings about all rows together, which hold only if they hold in every chunk.</summary>
    private static readonly ErrorCode[] OfAllRows =
        [Catalogue.OneClassOnly, Catalogue.LabelsContinuous, Catalogue.ColumnsSwapped, Catalogue.LabelPerRow, Catalogue.TooFewRows];

    private readonly CheckInput _input;
    private readonly CheckSession _session;
    private readonly ReadingLog _log = new(tolerant: true);
    private readonly RepetitionCheck _repetitions;
    private readonly TokenLengths? _lengths;
    private readonly TextTally _texts = new();
    private readonly EntityTally _entities = new();
    private readonly Places _unseen = new();
    private readonly List<ScoreTally> _scores = [];
    private DataColumns? _roles;
    private ProblemType? _problem;
    private bool _tagged;
    private bool _sampled;
    private bool _readingFailed;
    private string? _suggestion;
    private long _rows;
    private long _read;
    private int _chunks;

    /// <summary>Prepares the check of a split.</summary>
    public SplitCheck(CheckInput input, CheckSession session)
    {
        _input = input;
        _session = session;
        _repetitions = new RepetitionCheck(session.Memory, session.Names.Count);
        _lengths = session.Options.Model is { } model ? new TokenLengths(model) : null;
        session.Names.Add(input.ShortName);
    }

    /// <summary>The name of the split's file in messages about another one.</summary>
    public string Name => _input.ShortName;

    /// <summary>The labels of the split.</summary>
    public LabelTally Labels { get; } = new();

    /// <summary>The languages of the split.</summary>
    public LanguageCounts Languages { get; } = new();

    /// <summary>Reads and checks the split.</summary>
    /// <exception cref="AteneaException">A file is missing or unreadable (ATN0401, ATN0402).</exception>
    public FileCheckReport Run()
    {
        TableReader? reader = null;
        try
        {
            reader = TableReader.Open(_input.Name, _input.Files, _session.Options.Reading, _log);
            TypedRows rows;
            do
            {
                rows = TypedRows.Read(reader, CheckLimits.ChunkRows, CheckLimits.ChunkCharacters);
                if (rows.Data.Count > 0) Check(rows);
            }
            while (rows.IsCut);
        }
        catch (AteneaException failure) when (failure.Code != Catalogue.FileMissing && failure.Code != Catalogue.FileUnreadable)
        {
            _log.Failure(failure);
        }
        finally
        {
            reader?.Dispose();
        }

        if (_chunks == 0 && _log.Findings.All(f => f.Severity != FindingSeverity.Error))
            _log.Failure(new AteneaException(Catalogue.DatasetEmpty, "no rows", _input.Name));
        return Report(reader);
    }

    private void Check(TypedRows rows)
    {
        _chunks++;
        _read += rows.Data.Count;
        if (_chunks == 1)
        {
            _readingFailed = _log.Findings.Any(f => f.Severity == FindingSeverity.Error);
            _roles = Resolve(rows.Data.Columns);
            if (_roles is null) _suggestion = ColumnSearch.Suggest(rows.Data);
        }

        if (_roles is null)
        {
            _rows += rows.Data.Count;
            return;
        }

        var checks = new ColumnChecks(rows, _log);
        Dataset data = checks.Run(_roles, _problem ?? _session.Options.Problem);
        if (_chunks == 1)
        {
            _tagged = rows.Kinds[_roles.Text].All(k => k == CellKind.List);
            _problem = _roles.Label.Count > 0 && !_tagged ? checks.Problem : null;
            if (_problem == ProblemType.Regression) _scores.AddRange(_roles.Label.Select(l => new ScoreTally(l)));
        }

        _rows += data.Count;
        if (_tagged) AddSentences(data, _roles);
        else AddTexts(data, _roles);
    }

    private DataColumns? Resolve(IReadOnlyList<string> columns)
    {
        DataColumns? wanted = _session.Options.Columns;
        if (_input.Split == CheckInput.Test && ColumnRoles.Resolve(columns, wanted, new ReadingLog(tolerant: true)) is null
            && ColumnSearch.WithoutLabels(columns, wanted) is { } texts)
        {
            _log.Note(Catalogue.Unlabelled, $"no label column; only the texts were checked. The columns are {string.Join(", ", columns)}",
                severity: FindingSeverity.Information);
            wanted = texts;
        }

        return ColumnRoles.Resolve(columns, wanted, _log);
    }

    private void AddTexts(Dataset data, DataColumns roles)
    {
        IReadOnlyList<string?> texts = data.Column(roles.Text);
        IReadOnlyList<string?>? pairs = roles.TextPair is { } second ? data.Column(second) : null;
        IReadOnlyList<string?>[] labels = [.. roles.Label.Select(data.Column)];
        if (_problem == ProblemType.MultiLabelClassification) AddLabelSets(data, roles);
        for (int row = 0; row < data.Count; row++)
        {
            string text = texts[row] ?? "";
            string? pair = pairs?[row], label = labels.Length == 1 ? labels[0][row] : null;
            long line = data.Line(row);
            for (int i = 0; i < _scores.Count; i++) _scores[i].Add(labels[i][row]);
            int number = labels.Length == 0 ? RepetitionCheck.NoLabel
                : labels.Length == 1 ? _session.NumberOf(label ?? "")
                : Hash(labels.Select(l => l[row]));
            bool single = _problem == ProblemType.SingleLabelClassification && label is not null;
            if (single)
            {
                Labels.Add(label!, line);
                if (_session.IsUnseen(label!, this)) _unseen.Add(line);
                AddToBaseline(pair is null ? text : $"{text} {pair}", number);
            }

            AddText(text, pair, line, number, single ? label : null);
        }
    }

    private void AddText(string text, string? pair, long line, int number, string? label)
    {
        _repetitions.Add(pair is null ? text : $"{text}\u001F{pair}", line, number, label, _session.LabelOf);
        _lengths?.Add(text, pair);
        _texts.Add(text, pair, line);
        Languages.Add(text, line);
    }

    private void AddSentences(Dataset data, DataColumns roles)
    {
        IReadOnlyList<string[]> tokens = data.Lists(roles.Text);
        IReadOnlyList<string[]>? tags = roles.Label.Count > 0 ? data.Lists(roles.Label[0]) : null;
        for (int row = 0; row < data.Count; row++)
        {
            if (tags is not null) _entities.Add(tokens[row], tags[row], data.Line(row));
            AddText(string.Join(' ', tokens[row]), null, data.Line(row), tags is null ? RepetitionCheck.NoLabel : Hash(tags[row]), null);
        }
    }

    private void AddLabelSets(Dataset data, DataColumns roles)
    {
        LabelSet names = LabelReader.Collect(data, roles, ProblemType.MultiLabelClassification);
        float[] targets = LabelReader.MultiHot(data, roles, names);
        for (int i = 0; i < targets.Length; i++)
        {
            if (targets[i] > 0) Labels.Add(names.Names[i % names.Count], data.Line(i / names.Count));
        }
    }

    private void AddToBaseline(string text, int label)
    {
        if (_session.Training is { } training && training != this)
        {
            _session.Baseline.Evaluate(text, label);
            return;
        }

        if (_session.Training is null) return;
        _sampled = !_session.HasOthers;
        _session.Baseline.Learn(text, label, holdOut: _sampled);
    }

    private static int Hash(IEnumerable<string?> cells) => unchecked((int)TextKeys.Exact(string.Join('\u001F', cells)));

    private FileCheckReport Report(TableReader? reader)
    {
        SplitCheck? training = _session.Training is { } first && first != this && first._problem == _problem ? first : null;
        LabelTally labels = _tagged ? _entities.Types : Labels;
        LengthReport? lengths = _lengths?.Report();
        if (_sampled) _session.Baseline.EvaluateHeldOut();
        BaselineResult? baseline = training is not null ? _session.Baseline.Result($"{Name}, trained on {training.Name}")
            : _sampled ? _session.Baseline.Result("rows held out") : null;
        var findings = new List<CheckFinding>(_log.Findings.Where(Holds).Select(f => FromReader(f, reader?.Format)));
        findings.AddRange(
            _repetitions.Findings(_session.Names, labelled: _roles is { Label.Count: > 0 }, scored: _problem == ProblemType.Regression));
        if (_problem is ProblemType.SingleLabelClassification or ProblemType.MultiLabelClassification || _tagged)
        {
            findings.AddRange(LabelNoise.Find(labels));
            if (!_tagged && _problem == ProblemType.SingleLabelClassification) findings.AddRange(ClassBalance.Find(labels));
            if (training is not null && labels.Total > 0)
            {
                findings.AddRange(
                    ClassBalance.Compare(labels, _tagged ? training._entities.Types : training.Labels, training.Name, _unseen));
            }
        }

        if (_tagged) findings.AddRange(_entities.Findings());
        findings.AddRange(_scores.SelectMany(s => s.Findings()));
        findings.AddRange(_texts.Findings());
        if (lengths is not null) findings.AddRange(_lengths!.Findings(lengths));
        findings.AddRange(Languages.Findings(training?.Languages, training?.Name ?? ""));
        if (baseline is not null && _roles!.TextPair is null) findings.AddRange(BaselineFindings(baseline));
        return new FileCheckReport
        {
            File = _input.Name,
            Split = _input.Split,
            Findings = [.. findings.OrderByDescending(f => f.Severity)],
            Rows = _rows,
            RowsRead = _read + _log.SkippedRows,
            Columns = reader is null ? [] : [.. reader.Columns],
            Roles = _roles,
            Problem = _problem,
            Format = reader?.Format,
            Encoding = reader?.EncodingName,
            Separator = reader?.Separator,
            Labels = labels.Rows.ToDictionary(l => l.Key, l => l.Value.Count, StringComparer.Ordinal),
            Lengths = lengths,
            Languages = Languages.Rows,
            Scores = [.. _scores.Select(s => s.Report()).OfType<ScoreReport>()],
            Baseline = baseline,
        };
    }

    /// <summary>What the rows of one chunk, or those before a fault, looked like is not said of all rows.</summary>
    private bool Holds(Finding finding)
    {
        if (!OfAllRows.Contains(finding.Code)) return true;
        if (_readingFailed || finding.Count < _chunks) return false;
        return finding.Code == Catalogue.OneClassOnly ? Labels.Rows.Count <= 1 : finding.Code != Catalogue.TooFewRows || _rows < 2;
    }

    private CheckFinding FromReader(Finding finding, DataFormat? format)
    {
        CheckFinding found = CheckFinding.From(finding);
        // Blank lines belong to prose.
        if (finding.Code == Catalogue.TextMissing && format == DataFormat.Text)
            return found with { Severity = FindingSeverity.Information };
        return finding.Code == Catalogue.ColumnMissing && _suggestion is not null ? found with { Remedy = _suggestion } : found;
    }

    private static IEnumerable<CheckFinding> BaselineFindings(BaselineResult baseline)
    {
        if (baseline.Rows < CheckLimits.BaselineFewestEvaluated) yield break;
        string reached = $"counting words reaches {Numbers.Share(baseline.Accuracy)} accuracy on {Numbers.Count(baseline.Rows)} rows, "
            + $"always answering the most frequent class {Numbers.Share(baseline.MajorityAccuracy)}";
        if (baseline.Accuracy >= CheckLimits.BaselineTooGood && baseline.MajorityAccuracy < CheckLimits.DominatingShare)
            yield return CheckFinding.Whole(Catalogue.LabelsGivenAway, FindingSeverity.Warning, reached);
        else if (baseline.Accuracy < baseline.MajorityAccuracy + CheckLimits.BaselineGain)
            yield return CheckFinding.Whole(Catalogue.LabelsNotInWords, FindingSeverity.Information, reached);
    }
}

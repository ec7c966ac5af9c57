using System.Text;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Reads CoNLL columns: a token and its tags per line, a blank line behind each sentence, lines of <c>-DOCSTART-</c> between documents. A
/// row is a sentence, its columns are JSON lists: <c>tokens</c>, <c>tags</c>, and what stands between them as <c>column2</c>,
/// <c>column3</c> and so on.
/// </summary>
internal sealed class ConllReader : TableReader
{
    private const string DocumentMark = "-DOCSTART-";
    private static readonly char[] Blanks = [' ', '\t'];

    private readonly Utf8Input _input;
    private readonly Utf8LineReader _lines;
    private readonly JsonTextList _json = new();
    private readonly bool _tabs;
    private readonly int _width;
    private readonly int _tagColumn;
    private readonly TagScheme _scheme;
    private readonly TagScheme? _wanted;
    private readonly List<string>[] _sentence;
    private readonly string[] _columns;
    private readonly string?[] _cells;
    private bool _broken;

    /// <summary>Reads the text of an input.</summary>
    public ConllReader(string path, Utf8Input input, ReadOptions options, ReadingLog log)
        : base(path, log)
    {
        _input = input;
        string[] sample = Encoding.UTF8.GetString(input.Peek()).Split(['\n', '\r'], StringSplitOptions.RemoveEmptyEntries);
        string[] filled = [.. sample.Take(Math.Max(1, sample.Length - 1))
            .Where(l => l.AsSpan().Trim().Length > 0 && !l.StartsWith(DocumentMark, StringComparison.Ordinal))];
        if (filled.Length == 0) throw new AteneaException(Catalogue.DatasetEmpty, "no tokens", path);
        _tabs = filled.All(l => l.Contains('\t', StringComparison.Ordinal));
        _width = filled.CountBy(l => Fields(l).Length).MaxBy(g => (g.Value, g.Key)).Key;
        _tagColumn = options.TagColumn < 0 ? _width + options.TagColumn : options.TagColumn;
        if (_width < 2 || _tagColumn < 1 || _tagColumn >= _width)
        {
            throw new AteneaException(Catalogue.TagColumns,
                $"{_width} {(_width == 1 ? "column" : "columns")}: "
                    + $"there is no column of tags{(_width > 1 ? $" at {options.TagColumn}" : "")}",
                path, "give each line a token and a tag");
        }

        _scheme = TagSequences.Recognise(filled.Select(Fields).Where(f => f.Length == _width).Select(f => f[_tagColumn]));
        _wanted = options.TagScheme;
        _columns = [.. Enumerable.Range(0, _width).Select(i => i == 0 ? "tokens" : i == _tagColumn ? "tags" : $"column{i + 1}")];
        _sentence = [.. Enumerable.Range(0, _width).Select(_ => new List<string>())];
        _cells = new string?[_width];
        _lines = new Utf8LineReader(path, input);
        if (_scheme == TagScheme.Iob1)
            log.Note(Catalogue.TagSequence, "the tags follow IOB1: entities start with I-", severity: FindingSeverity.Information);
    }

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Conll;

    /// <inheritdoc/>
    public override string? EncodingName => _input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns => _columns;

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _cells;

    /// <inheritdoc/>
    internal override CellKind Kind(int column) => CellKind.List;

    /// <inheritdoc/>
    public override bool Read()
    {
        do
        {
            foreach (List<string> column in _sentence) column.Clear();
            _broken = false;
            if (!ReadSentence()) return false;
        }
        while (_broken);
        if (_wanted is { } scheme)
        {
            string[] converted = TagSequences.Convert(_sentence[_tagColumn], scheme);
            _sentence[_tagColumn].Clear();
            _sentence[_tagColumn].AddRange(converted);
        }

        for (int i = 0; i < _width; i++) _cells[i] = _json.Write(_sentence[i]);
        return true;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _lines.Dispose();
        _json.Dispose();
    }

    private bool ReadSentence()
    {
        bool any = false;
        while (_lines.TryRead(out ReadOnlySpan<byte> bytes))
        {
            string line = Encoding.UTF8.GetString(bytes).TrimEnd();
            if (line.Length == 0 || line.StartsWith(DocumentMark, StringComparison.Ordinal))
            {
                if (line.Length > 0)
                {
                    Log.Note(Catalogue.DocumentBreak, "marks between documents were passed over", _lines.Line,
                        severity: FindingSeverity.Information);
                }

                if (any) return true;
                continue;
            }

            string[] fields = Fields(line);
            if (fields.Length != _width && line.StartsWith("# ", StringComparison.Ordinal))
            {
                Log.Note(Catalogue.DocumentBreak, "comments were passed over", _lines.Line, severity: FindingSeverity.Information,
                    group: "comments");
                continue;
            }

            if (!any) Line = _lines.Line;
            any = true;
            AddToken(fields);
        }

        return any;
    }

    private void AddToken(string[] fields)
    {
        if (fields.Length != _width)
        {
            if (fields.Length == 1) Break(Catalogue.TagMissing, $"'{fields[0]}' has no tag", fields[0]);
            else Break(Catalogue.TagColumns, $"{fields.Length} columns, the other lines have {_width}", string.Join(' ', fields));
            return;
        }

        fields[_tagColumn] = CheckTag(fields[_tagColumn]);
        for (int i = 0; i < _width; i++) _sentence[i].Add(fields[i]);
    }

    private string CheckTag(string tag)
    {
        string upper = char.ToUpperInvariant(tag[0]) + tag[1..];
        bool known = upper == TagSequences.Outside || (TagSequences.IsPrefix(upper[0]) && (upper.Length == 1 || upper[1] == '-'));
        if (!known)
        {
            Break(Catalogue.TagPrefixUnknown, $"'{tag}' has none of the prefixes O, B-, I-, E-, S-, L-, U-", tag);
            return tag;
        }

        if (upper != tag) Log.Note(Catalogue.TagVariant, $"tag '{tag}' was taken as '{upper}'", _lines.Line, tag);
        (char prefix, string type) = TagSequences.Parts(upper);
        (char before, string typeBefore) = _sentence[_tagColumn] is [.., string last] ? TagSequences.Parts(last) : ('O', "");
        bool continues = before is 'B' or 'I' && typeBefore == type;
        if (prefix is 'I' or 'E' or 'L' && !continues && _scheme != TagScheme.Iob1)
        {
            Log.Note(Catalogue.TagSequence,
                $"{upper} starts an entity{(before == 'O' ? "" : $", after {before}-{typeBefore}")}; it was taken as its start",
                _lines.Line, upper);
        }

        return upper;
    }

    private void Break(ErrorCode code, string what, string value)
    {
        Log.Problem(code, what, Path, _lines.Line, value, skipsRow: !_broken);
        _broken = true;
    }

    private string[] Fields(string line) => _tabs
        ? [.. line.Split('\t').Select(f => f.Trim()).Where((f, i) => i == 0 || f.Length > 0)]
        : line.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);
}

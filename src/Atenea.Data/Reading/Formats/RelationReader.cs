using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Atenea.Errors;

namespace Atenea.Data;

/// <summary>
/// Reads SemEval-2010 Task 8 (Hendrickx et al. 2010): a numbered sentence with two entities between <c>&lt;e1&gt;</c> and <c>&lt;e2&gt;</c>
/// marks, then its relation with its direction, then a comment. Columns: <c>id</c>, <c>text</c> (with the marks), <c>label</c> (relation
/// and direction as written),
/// <c>relation</c>, <c>direction</c>, <c>sentence</c> (without the marks), <c>e1</c>, <c>e2</c>, and where they lie in the sentence in
/// characters.
/// </summary>
internal sealed partial class RelationReader(string path, Utf8Input input, ReadingLog log) : TableReader(path, log)
{
    private readonly Utf8LineReader _lines = new(path, input);
    private string?[] _cells = new string?[12];
    private string? _ahead;

    /// <inheritdoc/>
    public override DataFormat Format => DataFormat.Relations;

    /// <inheritdoc/>
    public override string? EncodingName => input.EncodingName;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Columns { get; } =
        ["id", "text", "label", "relation", "direction", "sentence", "e1", "e2", "e1_start", "e1_end", "e2_start", "e2_end"];

    /// <inheritdoc/>
    public override IReadOnlyList<string?> Cells => _cells;

    /// <inheritdoc/>
    public override bool Read()
    {
        while (NextLine() is { } line)
        {
            if (line.Length == 0 || line.StartsWith("Comment:", StringComparison.Ordinal)) continue;
            Line = _lines.Line;
            if (SentenceLine().Match(line) is not { Success: true } sentence
                || Entities().Match(sentence.Groups[2].Value) is not { Success: true } entities)
            {
                Log.Problem(Catalogue.RelationMalformed, "the line is no numbered sentence with two marked entities", Path, Line, line);
                continue;
            }

            string? label = NextLine();
            if (label is not null
                && (label.Length == 0 || label.StartsWith("Comment:", StringComparison.Ordinal) || SentenceLine().IsMatch(label)))
            {
                _ahead = label;
                label = null; // a test file without its answers
            }

            if (label is not null && !Relation().IsMatch(label))
            {
                Log.Problem(Catalogue.RelationMalformed, $"'{label}' is no relation like Cause-Effect(e1,e2)", Path, _lines.Line, label);
                continue;
            }

            SetRow(sentence.Groups[1].Value, sentence.Groups[2].Value, entities, label);
            return true;
        }

        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _lines.Dispose();

    private void SetRow(string id, string text, Match marks, string? label)
    {
        string before = marks.Groups["before"].Value, between = marks.Groups["between"].Value;
        string first = marks.Groups["first"].Value, second = marks.Groups["second"].Value;
        int firstStart = before.Length, secondStart = firstStart + first.Length + between.Length;
        bool swapped = marks.Groups["mark"].Value == "e2"; // the second entity stands first
        (int start, int end) one = (firstStart, firstStart + first.Length), two = (secondStart, secondStart + second.Length);
        if (swapped) (one, two) = (two, one);
        Match? relation = label is null ? null : Relation().Match(label);
        _cells =
        [
            id, text, label, relation?.Groups[1].Value, relation is { } r && r.Groups[2].Success ? r.Groups[2].Value : null,
            before + first + between + second + marks.Groups["after"].Value,
            swapped ? second : first, swapped ? first : second,
            Number(one.start), Number(one.end), Number(two.start), Number(two.end),
        ];
    }

    private string? NextLine()
    {
        if (_ahead is { } ahead)
        {
            _ahead = null;
            return ahead;
        }

        return _lines.TryRead(out ReadOnlySpan<byte> bytes) ? Encoding.UTF8.GetString(bytes).Trim() : null;
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex("^([0-9]+)\t\"?(.*?)\"?$")]
    private static partial Regex SentenceLine();

    [GeneratedRegex(
        "^(?<before>.*?)<(?<mark>e[12])>(?<first>.*?)</\\k<mark>>(?<between>.*?)<(?<other>e[12])>(?<second>.*?)</\\k<other>>(?<after>.*)$")]
    private static partial Regex Entities();

    [GeneratedRegex(@"^([^\s(]+)(?:\((e1,e2|e2,e1)\))?$")]
    private static partial Regex Relation();
}

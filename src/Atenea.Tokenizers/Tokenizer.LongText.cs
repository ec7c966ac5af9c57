using System.Buffers;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <content>
/// Encoding one text. A long one goes through the pipeline in parts, which are cut where that changes nothing (<see cref="TextCutter"/>),
/// so that memory grows with what is kept of the result, not with the text.
/// </content>
public sealed partial class Tokenizer
{
    /// <summary>
    /// Most UTF-16 units without a place to cut that a line of a file may hold; the pipeline takes up to some hundred bytes for each.
    /// </summary>
    internal const int LongestUncut = 1 << 22;

    /// <summary>About how many UTF-16 units go through the pipeline at a time.</summary>
    internal int PartLength { get; set; } = 1 << 18;

    /// <summary>
    /// How many units at the beginning of a text that goes on may be encoded by themselves; 0 if that cannot be told yet.
    /// </summary>
    internal int CutOf(ReadOnlySpan<char> text)
    {
        for (int window = PartLength; window < text.Length; window *= 2)
        {
            if (_cutter.Value.LastCut(text[..window]) is > 0 and int cut) return cut;
        }

        return Math.Max(0, _cutter.Value.LastCut(text));
    }

    /// <summary>Refuses a text with a stretch that is too long to be encoded in bounded memory.</summary>
    /// <param name="text">The text.</param>
    /// <param name="where">File and line, for the error.</param>
    /// <exception cref="AteneaException">ATN0314.</exception>
    internal void RequireBounded(ReadOnlySpan<char> text, string where)
    {
        while (text.Length > LongestUncut)
        {
            int length = CutOf(text[..LongestUncut]);
            text = length > 0 ? text[length..] : throw TooLong(where);
        }
    }

    /// <summary>The error for a stretch longer than <see cref="LongestUncut"/>.</summary>
    internal static AteneaException TooLong(string where) => new(
        Catalogue.TextTooLong,
        $"more than {LongestUncut} characters in a row that this tokenizer can only encode together, such as one endless word",
        where);

    /// <summary>Takes the workspace of a part of a text that has gone through the pipeline.</summary>
    internal delegate void PartAction(Workspace workspace);

    /// <summary>Runs a part of a text through the pipeline for its ids.</summary>
    /// <param name="part">The part.</param>
    /// <param name="continues">Whether it is a later part.</param>
    /// <param name="action">Takes the result.</param>
    internal void RunPart(ReadOnlySpan<char> part, bool continues, PartAction action)
    {
        Workspace workspace = Rent();
        RunPipeline(part, track: false, workspace, null, continues);
        action(workspace);
        Return(workspace);
    }

    /// <summary>The length of the next part of a text that is all there.</summary>
    private int PartLengthOf(ReadOnlySpan<char> rest) => rest.Length > 2 * PartLength && CutOf(rest) is > 0 and int cut ? cut : rest.Length;

    private int WriteIds(ReadOnlySpan<char> text, IBufferWriter<int> destination, int most)
    {
        int total = 0;
        Workspace workspace = Rent();
        for (int start = 0, length; start < text.Length && total < most; start += length)
        {
            length = PartLengthOf(text[start..]);
            RunPipeline(text.Slice(start, length), track: false, workspace, null, continues: start > 0);
            ReadOnlySpan<int> ids = workspace.Pieces.Ids;
            ids = ids[..Math.Min(ids.Length, most - total)];
            destination.Write(ids);
            total += ids.Length;
        }

        Return(workspace);
        return total;
    }

    private Encoding SequenceOf(string text, int sequence, Workspace workspace)
    {
        List<Encoding> parts = [];
        int words = 0;
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = PartLengthOf(text.AsSpan(start));
            words -= start > 0 && _cutter.Value.WithinWord ? 1 : 0;
            Encoding part = EncodePart(text.AsSpan(start, length), start, words, null, sequence, workspace);
            if (start + length < text.Length && workspace.Text.Lags)
            {
                // Offsets that have fallen behind stay so to the end of the text: it has to be taken as a whole.
                parts = [EncodePart(text, 0, 0, null, sequence, workspace)];
                break;
            }

            words += workspace.WordEnds.Count;
            parts.Add(part);
        }

        Encoding joined = parts.Count == 0 ? new Encoding(0) : Encoding.Join(parts);
        joined.Texts = [text];
        return joined;
    }

    private Encoding SequenceOfWords(IReadOnlyList<string> words, int sequence, Workspace workspace)
    {
        List<Encoding> parts = [];
        for (int i = 0; i < words.Count; i++)
        {
            parts.Add(EncodePart(words[i], 0, 0, i, sequence, workspace));
        }

        Encoding joined = parts.Count == 0 ? new Encoding(0) : Encoding.Join(parts);
        joined.Texts = words;
        joined.ByWord = true;
        return joined;
    }

    /// <summary>
    /// Encodes a part of a text that begins at unit <paramref name="origin"/> and word <paramref name="firstWord"/>, or one word as given.
    /// </summary>
    private Encoding EncodePart(ReadOnlySpan<char> text, int origin, int firstWord, int? givenWord, int sequence, Workspace workspace)
    {
        List<int> wordEnds = workspace.WordEnds;
        wordEnds.Clear();
        RunPipeline(text, track: true, workspace, wordEnds, continues: origin > 0);
        var part = new Encoding(workspace.Pieces.Count);
        int piece = 0;
        for (int segment = 0; segment < wordEnds.Count; segment++)
        {
            for (; piece < wordEnds[segment]; piece++)
            {
                SetPiece(part, piece, segment, origin, givenWord ?? firstWord + segment, sequence, workspace);
            }
        }

        return part;
    }

    private void SetPiece(Encoding encoding, int piece, int segment, int origin, int word, int sequence, Workspace workspace)
    {
        NormalizedText text = workspace.Text;
        int id = workspace.Pieces.Ids[piece];
        int start = workspace.Pieces.Starts[piece];
        int end = workspace.Pieces.Ends[piece];
        bool showsText = workspace.Segments.Items[segment].Token != Segment.Plain || (_model.UnknownShowsText && id == _model.UnknownId);
        string token = showsText ? Shown(text.Units[start..end], id) : _model.Vocabulary.TokenOf(id)!;
        TextSpan offsets = end > start ? new TextSpan(origin + text.StartOf(start), origin + text.EndOf(end - 1)) : default;
        encoding.Set(piece, id, token, offsets, word, sequence, sequence);
    }

    /// <summary>The text as a string; the usual case, where it is the token's own content, costs no allocation.</summary>
    private string Shown(ReadOnlySpan<char> text, int id) =>
        IdToToken(id) is { } content && text.SequenceEqual(content) ? content : text.ToString();
}

using System.Buffers;
using Atenea.Errors;
using Atenea.Tokenizers.PostProcessors;
using Atenea.Tokenizers.Text;

namespace Atenea.Tokenizers;

/// <content>Encoding.</content>
public sealed partial class Tokenizer
{
    private const int LongestKept = 1 << 22;

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null. An empty second text still gets the pair's separators.</param>
    /// <param name="options">Special tokens, truncation, padding; null for the defaults (special tokens, neither truncation nor padding).</param>
    /// <exception cref="AteneaException">ATN0308: the truncation asked for cannot be done. ATN0311: an option is impossible.</exception>
    public Encoding Encode(string text, string? pair = null, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        return PadAlone(EncodeUnpadded(text, pair, options), options);
    }

    /// <summary>Encodes a text that is already cut into words (or a pair of such texts). Word ids are the words' numbers; offsets count within the own word.</summary>
    /// <param name="words">The words.</param>
    /// <param name="pair">The second text's words, or null.</param>
    /// <param name="options">As for <see cref="Encode"/>.</param>
    public Encoding EncodeWords(IReadOnlyList<string> words, IReadOnlyList<string>? pair = null, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        Workspace workspace = Rent();
        Encoding first = SequenceOfWords(words, 0, workspace);
        Encoding? second = pair is null ? null : SequenceOfWords(pair, 1, workspace);
        Return(workspace);
        return PadAlone(Finish(first, second, options), options);
    }

    /// <summary>Encodes many texts; the result is the same as encoding each alone, then padding all of them together.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="pairs">Their second texts, or null.</param>
    /// <param name="options">As for <see cref="Encode"/>; <see cref="PaddingStrategy.Longest"/> means the batch's longest.</param>
    /// <param name="threads">Number of threads; 0 for one per processor.</param>
    public Encoding[] EncodeBatch(IReadOnlyList<string> texts, IReadOnlyList<string?>? pairs = null, EncodeOptions? options = null, int threads = 0)
    {
        if (pairs is not null && pairs.Count != texts.Count)
        {
            throw new AteneaException(Catalogue.TokenizerOptionInvalid, $"{texts.Count} texts with {pairs.Count} second texts");
        }

        options ??= EncodeOptions.Default;
        var encodings = new Encoding[texts.Count];
        ForEach(texts.Count, threads, i => encodings[i] = EncodeUnpadded(texts[i], pairs?[i], options));
        if (options.Padding != PaddingStrategy.None && encodings.Length > 0)
        {
            int length = Padding.TargetLength(encodings.Max(e => e.Count), options);
            ForEach(encodings.Length, threads, i => encodings[i] = Pad(encodings[i], length, options));
        }

        return encodings;
    }

    /// <summary>
    /// The fast path: writes the ids of one text, special tokens included, and nothing else. Nothing is allocated per token.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="destination">Where the ids go.</param>
    /// <param name="addSpecialTokens">Whether the post-processor's special tokens are added.</param>
    /// <param name="maxLength">Most ids, special ones included; what exceeds it is cut at the end.</param>
    /// <returns>Number of ids written.</returns>
    public int EncodeIds(ReadOnlySpan<char> text, IBufferWriter<int> destination, bool addSpecialTokens = true, int maxLength = int.MaxValue)
    {
        Workspace workspace = Rent();
        RunPipeline(text, track: false, workspace, null);
        ReadOnlySpan<int> ids = workspace.Pieces.Ids;
        int added = addSpecialTokens ? _postProcessor.AddedTokens(pair: false) : 0;
        if (maxLength >= added && ids.Length > maxLength - added)
        {
            ids = ids[..(maxLength - added)];
        }

        int total = ids.Length + added;
        Span<int> target = destination.GetSpan(total);
        int at = 0;
        foreach (TemplatePart part in _postProcessor.Single)
        {
            if (part.Sequence == Encoding.None)
            {
                if (addSpecialTokens)
                {
                    part.Ids.CopyTo(target[at..]);
                    at += part.Ids.Length;
                }
            }
            else
            {
                ids.CopyTo(target[at..]);
                at += ids.Length;
            }
        }

        destination.Advance(at);
        Return(workspace);
        return at;
    }

    /// <summary>Number of ids of a text, special tokens included if asked for.</summary>
    public int CountIds(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        Workspace workspace = Rent();
        RunPipeline(text, track: false, workspace, null);
        int count = workspace.Pieces.Count + (addSpecialTokens ? _postProcessor.AddedTokens(pair: false) : 0);
        Return(workspace);
        return count;
    }

    /// <summary>Number of special tokens that are added to a text or pair.</summary>
    public int CountSpecialTokens(bool pair) => _postProcessor.AddedTokens(pair);

    /// <summary>Calls an action with every word that the normalizer and the pre-tokenizer make of a text, as training sees them.</summary>
    internal void ForEachWord(string text, WordAction action)
    {
        Workspace workspace = Rent();
        workspace.Reset(text, _preTokenizer is { NeedsAlignment: true });
        _normalizer?.Run(workspace);
        _preTokenizer?.Run(workspace);
        ReadOnlySpan<char> units = workspace.Text.Units;
        foreach (Segment segment in workspace.Segments.Items)
        {
            action(units[segment.Start..segment.End]);
        }

        Return(workspace);
    }

    /// <summary>Takes one word.</summary>
    internal delegate void WordAction(ReadOnlySpan<char> word);

    private static void ForEach(int count, int threads, Action<int> action)
    {
        threads = threads <= 0 ? Environment.ProcessorCount : threads;
        if (threads == 1 || count < 2)
        {
            for (int i = 0; i < count; i++)
            {
                action(i);
            }

            return;
        }

        try
        {
            Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = threads }, action);
        }
        catch (AggregateException e) when (e.InnerExceptions.FirstOrDefault(x => x is AteneaException) is AteneaException first)
        {
            throw first;
        }
    }

    private Workspace Rent() => _workspaces.TryTake(out Workspace? workspace) ? workspace : new Workspace();

    private void Return(Workspace workspace)
    {
        // A giant line's buffers are not kept for the small ones that follow.
        if (workspace.Text.Length <= LongestKept)
        {
            _workspaces.Add(workspace);
        }
    }

    private Encoding EncodeUnpadded(string text, string? pair, EncodeOptions options)
    {
        Workspace workspace = Rent();
        Encoding first = SequenceOf(text, 0, workspace);
        Encoding? second = pair is null ? null : SequenceOf(pair, 1, workspace);
        Return(workspace);
        return Finish(first, second, options);
    }

    private Encoding Finish(Encoding first, Encoding? second, EncodeOptions options)
    {
        if (options.Stride < 0 || options.MaxLength < 0 || options.PadToMultipleOf < 0)
        {
            throw new AteneaException(Catalogue.TokenizerOptionInvalid,
                $"max_length {options.MaxLength}, stride {options.Stride}, pad_to_multiple_of {options.PadToMultipleOf}: none may be negative");
        }

        if (options.MaxLength is { } most && options.Truncation != TruncationStrategy.None)
        {
            // A limit below the special tokens cannot be kept; the reference library then cuts nothing.
            int room = most - (options.AddSpecialTokens ? _postProcessor.AddedTokens(second is not null) : 0);
            if (room >= 0)
            {
                Truncation.Apply(ref first, ref second, room, _parts.CutsAlternately, options);
            }
        }

        return _postProcessor.Process(first, second, options.AddSpecialTokens);
    }

    private Encoding PadAlone(Encoding encoding, EncodeOptions options) =>
        options.Padding == PaddingStrategy.None ? encoding : Pad(encoding, Padding.TargetLength(encoding.Count, options), options);

    private Encoding Pad(Encoding encoding, int length, EncodeOptions options)
    {
        int id = options.PadId ?? PadTokenId ?? EosTokenId ?? 0;
        return Padding.Apply(encoding, length, id, IdToToken(id) ?? "", options);
    }

    private void RunPipeline(ReadOnlySpan<char> text, bool track, Workspace workspace, List<int>? wordEnds)
    {
        workspace.Reset(text, track || _preTokenizer is { NeedsAlignment: true });
        _rawSplitter.Run(workspace);
        _normalizer?.Run(workspace);
        _normalizedSplitter.Run(workspace);
        _preTokenizer?.Run(workspace);
        _model.Run(workspace, wordEnds);
    }

    private Encoding SequenceOf(string text, int sequence, Workspace workspace)
    {
        List<int> wordEnds = workspace.WordEnds;
        wordEnds.Clear();
        RunPipeline(text, track: true, workspace, wordEnds);
        var encoding = new Encoding(workspace.Pieces.Count) { Texts = [text] };
        int piece = 0;
        for (int word = 0; word < wordEnds.Count; word++)
        {
            for (; piece < wordEnds[word]; piece++)
            {
                SetPiece(encoding, piece, piece, word, word, sequence, workspace);
            }
        }

        return encoding;
    }

    private Encoding SequenceOfWords(IReadOnlyList<string> words, int sequence, Workspace workspace)
    {
        List<Encoding> parts = [];
        for (int i = 0; i < words.Count; i++)
        {
            List<int> wordEnds = workspace.WordEnds;
            wordEnds.Clear();
            RunPipeline(words[i], track: true, workspace, wordEnds);
            var part = new Encoding(workspace.Pieces.Count);
            int piece = 0;
            for (int segment = 0; segment < wordEnds.Count; segment++)
            {
                for (; piece < wordEnds[segment]; piece++)
                {
                    SetPiece(part, piece, piece, segment, i, sequence, workspace);
                }
            }

            parts.Add(part);
        }

        Encoding joined = parts.Count == 0 ? new Encoding(0) : Encoding.Join(parts);
        joined.Texts = words;
        joined.ByWord = true;
        return joined;
    }

    private void SetPiece(Encoding encoding, int at, int piece, int segment, int word, int sequence, Workspace workspace)
    {
        int id = workspace.Pieces.Ids[piece];
        int start = workspace.Pieces.Starts[piece];
        int end = workspace.Pieces.Ends[piece];
        bool showsText = workspace.Segments.Items[segment].Token != Segment.Plain || (_model.UnknownShowsText && id == _model.UnknownId);
        string token = showsText ? Shown(workspace.Text.Units[start..end], id) : _model.Vocabulary.TokenOf(id)!;
        TextSpan offsets = end > start ? new TextSpan(workspace.Text.StartOf(start), workspace.Text.EndOf(end - 1)) : default;
        encoding.Set(at, id, token, offsets, word, sequence, sequence);
    }

    /// <summary>The text as a string; the usual case, where it is the token's own content, costs no allocation.</summary>
    private string Shown(ReadOnlySpan<char> text, int id) =>
        IdToToken(id) is { } content && text.SequenceEqual(content) ? content : text.ToString();
}

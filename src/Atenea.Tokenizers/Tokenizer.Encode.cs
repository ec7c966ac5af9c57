using System.Buffers;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <content>Encoding.</content>
public sealed partial class Tokenizer
{
    private const int LongestKept = 1 << 22;

    /// <summary>Encodes a text, or a pair of texts.</summary>
    /// <param name="text">The text.</param>
    /// <param name="pair">The second text, or null. An empty second text still gets the pair's separators.</param>
    /// <param name="options">
    /// Special tokens, truncation, padding; null for the defaults (special tokens, neither truncation nor padding).
    /// </param>
    /// <exception cref="AteneaException">ATN0308: the truncation asked for cannot be done. ATN0311: an option is impossible.</exception>
    public Encoding Encode(string text, string? pair = null, EncodeOptions? options = null)
    {
        options ??= EncodeOptions.Default;
        return PadAlone(EncodeUnpadded(text, pair, options), options);
    }

    /// <summary>
    /// Encodes a text that is already cut into words (or a pair of such texts). Word ids are the words' numbers; offsets count within the
    /// own word.
    /// </summary>
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
    public Encoding[] EncodeBatch(
        IReadOnlyList<string> texts, IReadOnlyList<string?>? pairs = null, EncodeOptions? options = null, int threads = 0)
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
    public int EncodeIds(
        ReadOnlySpan<char> text, IBufferWriter<int> destination, bool addSpecialTokens = true, int maxLength = int.MaxValue)
    {
        int added = addSpecialTokens ? _postProcessor.AddedTokens(pair: false) : 0;
        int room = maxLength >= added ? maxLength - added : int.MaxValue;
        int total = 0;
        foreach (TemplatePart part in _postProcessor.Single)
        {
            if (part.Sequence != Encoding.None)
            {
                total += WriteIds(text, destination, room);
            }
            else if (addSpecialTokens)
            {
                destination.Write(part.Ids);
                total += part.Ids.Length;
            }
        }

        return total;
    }

    /// <summary>Number of ids of a text, special tokens included if asked for.</summary>
    public int CountIds(ReadOnlySpan<char> text, bool addSpecialTokens = true)
    {
        int count = addSpecialTokens ? _postProcessor.AddedTokens(pair: false) : 0;
        Workspace workspace = Rent();
        for (int start = 0, length; start < text.Length; start += length)
        {
            length = PartLengthOf(text[start..]);
            RunPipeline(text.Slice(start, length), track: false, workspace, null, continues: start > 0);
            count += workspace.Pieces.Count;
        }

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
            string what = $"max_length {options.MaxLength}, stride {options.Stride}, pad_to_multiple_of {options.PadToMultipleOf}";
            throw new AteneaException(Catalogue.TokenizerOptionInvalid, what + ": none may be negative");
        }

        if (options.MaxLength is { } most && options.Truncation != TruncationStrategy.None)
        {
            // A limit below the special tokens cannot be kept; the reference library then cuts nothing.
            int room = most - (options.AddSpecialTokens ? _postProcessor.AddedTokens(second is not null) : 0);
            if (room >= 0)
            {
                Truncation.Apply(ref first, ref second, room, _definition.CutsAlternately, options);
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

    private void RunPipeline(ReadOnlySpan<char> text, bool track, Workspace workspace, List<int>? wordEnds, bool continues = false)
    {
        workspace.Reset(text, track || _preTokenizer is { NeedsAlignment: true }, continues);
        _rawSplitter.Run(workspace);
        _normalizer?.Run(workspace);
        _normalizedSplitter.Run(workspace);
        _preTokenizer?.Run(workspace);
        _model.Run(workspace, wordEnds);
    }
}

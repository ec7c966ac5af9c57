using System.Runtime.InteropServices;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// Learns vocabularies. A pipeline of its own suits each kind of model; <see cref="TrainFrom"/> keeps that of an existing tokenizer.
/// The same texts and options always give the same tokenizer.
/// </summary>
/// <example><code>
/// IEnumerable&lt;string&gt; lines = TokenizerTrainer.ReadLines(["corpus.txt"]);
/// var options = new TokenizerTrainingOptions { VocabularySize = 8000 };
/// Tokenizer tokenizer = TokenizerTrainer.Train(TokenizerModelKind.WordPiece, lines, options);
/// tokenizer.Save("my-tokenizer");
/// </code></example>
public static class TokenizerTrainer
{
    private const int LinesPerReport = 10_000;

    private static string[] ByteLetters =>
        [.. Enumerable.Range(0, 256).Select(b => ByteAlphabet.UnitOf(b).ToString()).Order(StringComparer.Ordinal)];

    /// <summary>
    /// Trains a tokenizer with the usual pipeline of its kind: BERT's for WordPiece, GPT-2's for BPE, SentencePiece's for Unigram, white
    /// space for WordLevel.
    /// </summary>
    /// <param name="kind">The model.</param>
    /// <param name="texts">The texts; those of a file come from <see cref="ReadLines"/>.</param>
    /// <param name="options">Options; special tokens left empty are the usual ones of the kind.</param>
    /// <param name="progress">Called from time to time, or null.</param>
    /// <exception cref="AteneaException">ATN0312: no text, or options that cannot be met.</exception>
    public static Tokenizer Train(
        TokenizerModelKind kind,
        IEnumerable<string> texts,
        TokenizerTrainingOptions? options = null,
        Action<TokenizerTrainingProgress>? progress = null)
    {
        options ??= new TokenizerTrainingOptions();
        bool word = kind is TokenizerModelKind.WordPiece or TokenizerModelKind.WordLevel;
        options = options with { UnknownToken = options.UnknownToken ?? (word ? "[UNK]" : "<unk>") };
        if (options.SpecialTokens.Count == 0) options = options with { SpecialTokens = DefaultPipelines.SpecialTokens(kind) };
        if (kind == TokenizerModelKind.Bpe && options.InitialAlphabet.Count == 0)
        {
            options = options with { InitialAlphabet = ByteLetters };
        }

        return Train(kind, DefaultPipelines.Of(kind), texts, options, progress);
    }

    /// <summary>
    /// Learns a new vocabulary for the pipeline of an existing tokenizer; its special tokens are kept, unless others are named.
    /// </summary>
    /// <param name="existing">The tokenizer whose pipeline is kept.</param>
    /// <param name="texts">The texts.</param>
    /// <param name="options">Options.</param>
    /// <param name="progress">Called from time to time, or null.</param>
    /// <exception cref="AteneaException">ATN0312: as above, or the tokenizer's model cannot be trained.</exception>
    public static Tokenizer TrainFrom(
        Tokenizer existing,
        IEnumerable<string> texts,
        TokenizerTrainingOptions? options = null,
        Action<TokenizerTrainingProgress>? progress = null)
    {
        TokenizerDefinition definition = existing.Definition;
        options ??= new TokenizerTrainingOptions();
        (TokenizerModelKind kind, options) = definition.Model switch
        {
            WordPieceModel model => (
                TokenizerModelKind.WordPiece,
                options with { ContinuingPrefix = options.ContinuingPrefix ?? model.ContinuingPrefix }),
            BpeModel model => (TokenizerModelKind.Bpe, options with
            {
                ContinuingPrefix = options.ContinuingPrefix ?? model.Settings.ContinuingPrefix,
                EndOfWordSuffix = options.EndOfWordSuffix ?? model.Settings.EndOfWordSuffix,
                InitialAlphabet = options.InitialAlphabet.Count == 0 && existing.UsesByteLevel ? ByteLetters : options.InitialAlphabet,
            }),
            UnigramModel => (TokenizerModelKind.Unigram, options),
            WordLevelModel => (TokenizerModelKind.WordLevel, options),
            _ => throw new AteneaException(
                Catalogue.TokenizerTrainingInvalid, "the BPE of BERTweet and PhoBERT cannot be trained anew", definition.Where),
        };
        if (options.SpecialTokens.Count == 0)
        {
            options = options with { SpecialTokens = [.. existing.AddedTokens.Where(t => t.Special).Select(t => t.Content)] };
        }

        if (options.UnknownToken is null && existing.UnknownTokenId is { } unknown)
        {
            options = options with { UnknownToken = existing.IdToToken(unknown) };
        }

        return Train(kind, definition with { AddedTokens = existing.AddedTokens }, texts, options, progress);
    }

    /// <summary>
    /// The lines of files, each with its line feed, as the reference library feeds them. A line longer than a mebibyte comes in parts, so
    /// memory stays bounded.
    /// </summary>
    /// <param name="paths">UTF-8 text files.</param>
    /// <exception cref="AteneaException">ATN0306: a file cannot be read. ATN0310: a file is not UTF-8.</exception>
    public static IEnumerable<string> ReadLines(IEnumerable<string> paths) => paths.SelectMany(CorpusFile.ReadLines);

    /// <summary>Learns a vocabulary for a pipeline, whose model is not looked at.</summary>
    internal static Tokenizer Train(
        TokenizerModelKind kind,
        TokenizerDefinition pipeline,
        IEnumerable<string> texts,
        TokenizerTrainingOptions options,
        Action<TokenizerTrainingProgress>? progress)
    {
        int size = options.VocabularySize ?? (kind == TokenizerModelKind.Unigram ? 8000 : 30000);
        if (size <= options.SpecialTokens.Count)
        {
            throw new AteneaException(
                Catalogue.TokenizerTrainingInvalid, $"{size} tokens leave no room beside {options.SpecialTokens.Count} special ones");
        }

        if (options.SpecialTokens.Distinct(StringComparer.Ordinal).Count() != options.SpecialTokens.Count)
        {
            throw new AteneaException(Catalogue.TokenizerTrainingInvalid, "a special token is named twice");
        }

        Dictionary<string, long> counts = CountWords(new Tokenizer(pipeline), texts, progress);
        if (counts.Count == 0)
        {
            throw new AteneaException(Catalogue.TokenizerTrainingInvalid, "the texts hold no words", null, "name files with text in them");
        }

        TokenModel model = ModelTrainer.Train(kind, counts, options, size, progress);
        int IdOf(string token) => model.Vocabulary.IdOf(token);

        return new Tokenizer(pipeline with
        {
            Model = model,
            AddedTokens = [.. options.SpecialTokens.Select(Like).Select(token => token with { Id = IdOf(token.Content) })],
            PostProcessor = DefaultPipelines.WithIds(pipeline.PostProcessor, IdOf),
            SourceFiles = [],
        });

        AddedToken Like(string token) =>
            pipeline.AddedTokens.FirstOrDefault(t => t.Content == token) ?? new AddedToken(token, 0, Special: true);
    }

    /// <summary>The words of the texts, as the pipeline cuts them, with their counts.</summary>
    internal static Dictionary<string, long> CountWords(
        Tokenizer pipeline, IEnumerable<string> texts, Action<TokenizerTrainingProgress>? progress)
    {
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> bySpan = counts.GetAlternateLookup<ReadOnlySpan<char>>();
        long lines = 0;
        foreach (string text in texts)
        {
            pipeline.ForEachWord(text, word => CollectionsMarshal.GetValueRefOrAddDefault(bySpan, word, out _)++);
            if (++lines % LinesPerReport == 0) progress?.Invoke(new TokenizerTrainingProgress("lines", lines, 0));
        }

        return counts;
    }
}

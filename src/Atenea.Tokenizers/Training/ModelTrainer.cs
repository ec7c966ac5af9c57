namespace Atenea.Tokenizers;

/// <summary>Learns a model from words and their counts.</summary>
internal static class ModelTrainer
{
    private const string Where = "training";
    private const string UnknownWord = "[UNK]";

    /// <summary>Learns a model of a kind.</summary>
    public static TokenModel Train(
        TokenizerModelKind kind,
        IReadOnlyDictionary<string, long> counts,
        TokenizerTrainingOptions options,
        int size,
        Action<TokenizerTrainingProgress>? progress)
    {
        switch (kind)
        {
            case TokenizerModelKind.WordPiece:
                string prefix = options.ContinuingPrefix ?? "##";
                BpeVocabulary pieces = new BpeTrainer(options with { ContinuingPrefix = prefix }, size, progress).Train(counts);
                return new WordPieceModel(ToVocabulary(pieces.Tokens), options.UnknownToken ?? UnknownWord, prefix, 100, Where);
            case TokenizerModelKind.Bpe:
                return Bpe(new BpeTrainer(options, size, progress).Train(counts), options);
            case TokenizerModelKind.Unigram:
                (List<(string Piece, double Score)> scored, int? unknownId) = new UnigramTrainer(options, size, progress).Train(counts);
                Vocabulary vocabulary = ToVocabulary([.. scored.Select(p => p.Piece)]);
                return new UnigramModel(vocabulary, [.. scored.Select(p => p.Score)], unknownId, byteFallback: false);
            default:
                Vocabulary words = ToVocabulary(WordLevelTrainer.Train(counts, options, size));
                return new WordLevelModel(words, options.UnknownToken ?? UnknownWord, Where);
        }
    }

    private static BpeModel Bpe(BpeVocabulary learnt, TokenizerTrainingOptions options)
    {
        Vocabulary vocabulary = ToVocabulary(learnt.Tokens);

        // Bytes are never unknown; elsewhere the unknown token is used if the vocabulary has it.
        bool hasUnknown = options.InitialAlphabet.Count < 256 && options.UnknownToken is { } unknown && vocabulary.IdOf(unknown) >= 0;
        var settings = new BpeSettings
        {
            UnknownToken = hasUnknown ? options.UnknownToken : null,
            ContinuingPrefix = options.ContinuingPrefix,
            EndOfWordSuffix = options.EndOfWordSuffix,
        };
        return new BpeModel(vocabulary, learnt.Merges, settings, Where);
    }

    private static Vocabulary ToVocabulary(IReadOnlyList<string> tokens) => Vocabulary.Of(tokens, tokens.Count, Where);
}

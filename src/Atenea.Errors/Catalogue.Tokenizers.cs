namespace Atenea.Errors;

public static partial class Catalogue
{
    /// <summary>A tokenizer file is not what its name promises: broken JSON, a missing or mistyped key.</summary>
    public static readonly ErrorCode TokenizerFileInvalid = new("ATN0301", "tokenizer file not valid",
        "take the file anew from its source; a download may have been cut short");

    /// <summary>The pipeline names a component or an option that Atenea does not know.</summary>
    public static readonly ErrorCode TokenizerComponentUnknown = new("ATN0302", "tokenizer component not known",
        "use a tokenizer built from the components that the documentation lists");

    /// <summary>A vocabulary contradicts itself: duplicate ids, impossible ids, duplicate tokens.</summary>
    public static readonly ErrorCode VocabularyInvalid = new("ATN0303", "vocabulary not valid",
        "mend the vocabulary file: every token and every id may occur once");

    /// <summary>The vocabulary lacks the token for unknown text.</summary>
    public static readonly ErrorCode UnknownTokenMissing = new("ATN0304", "vocabulary without the unknown token",
        "add the token to the vocabulary, or name the right one as unk_token");

    /// <summary>A merge is malformed or names a piece that the vocabulary lacks.</summary>
    public static readonly ErrorCode MergesInvalid = new("ATN0305", "merges do not fit the vocabulary",
        "take vocabulary and merges from the same tokenizer");

    /// <summary>A folder holds no tokenizer files that Atenea can read.</summary>
    public static readonly ErrorCode TokenizerFilesMissing = new("ATN0306", "no tokenizer found",
        "name a folder with tokenizer.json, vocab.txt, vocab.json and merges.txt, or a SentencePiece .model file");

    /// <summary>A regular expression uses a construct that is not supported.</summary>
    public static readonly ErrorCode TokenizerRegexUnsupported = new("ATN0307", "regular expression not supported",
        "rewrite the pattern without the construct named");

    /// <summary>The truncation asked for cannot be done on this text.</summary>
    public static readonly ErrorCode TruncationImpossible = new("ATN0308", "text cannot be truncated as asked",
        "raise max_length, lower stride, or use longest_first");

    /// <summary>A SentencePiece model file is corrupt.</summary>
    public static readonly ErrorCode SentencePieceInvalid = new("ATN0309", "SentencePiece model not valid",
        "take the .model file anew from its source");

    /// <summary>A text file is not UTF-8.</summary>
    public static readonly ErrorCode TokenizerFileEncoding = new("ATN0310", "file is not UTF-8",
        "save the file as UTF-8");

    /// <summary>An option of tokenisation has an impossible value.</summary>
    public static readonly ErrorCode TokenizerOptionInvalid = new("ATN0311", "tokenizer option not valid",
        "see `atenea tokenize --help` for the options and their values");

    /// <summary>Training a vocabulary was asked for with options or texts that cannot give one.</summary>
    public static readonly ErrorCode TokenizerTrainingInvalid = new("ATN0312", "vocabulary cannot be trained",
        "see `atenea tokenizer train --help` for the options and their values");

    /// <summary>A line of a file holds more text than can be encoded in bounded memory.</summary>
    public static readonly ErrorCode TextTooLong = new("ATN0314", "text too long",
        "cut the text into several lines, at line feeds or sentences; `atenea tokenize --count` takes lines of any length "
            + "that have spaces");
}

namespace Atenea.Tokenizers;

/// <summary>The kinds of models that can be trained.</summary>
public enum TokenizerModelKind
{
    /// <summary>WordPiece.</summary>
    WordPiece,

    /// <summary>Byte-pair encoding.</summary>
    Bpe,

    /// <summary>Unigram.</summary>
    Unigram,

    /// <summary>One id per word.</summary>
    WordLevel,
}

namespace Atenea.Data;

/// <summary>
/// The thresholds and bounds of <see cref="DataCheck"/>. With all bounds reached the process stays below 600 MB, whatever the size of the
/// files (565 MB were measured for 2.6 million rows): two chunks of rows (about 80 MB), the marks of compared rows (about 170 MB, half as
/// much again while they grow), the tables of the baseline (at most 33 MB).
/// </summary>
internal static class CheckLimits
{
    /// <summary>Characters of cells that are held at once.</summary>
    public const long ChunkCharacters = 1L << 23;

    /// <summary>Rows that are held at once.</summary>
    public const int ChunkRows = 100_000;

    /// <summary>Rows, over all splits, whose hashes are kept to find duplicates and leaks (about 50 bytes each).</summary>
    public const int ComparedRows = 3_000_000;

    /// <summary>Different labels that are counted; rows of further labels are counted together.</summary>
    public const int CountedLabels = 10_000;

    /// <summary>Labels that are compared with each other by spelling.</summary>
    public const int ComparedLabels = 1_000;

    /// <summary>Rows whose tokens are counted: all up to so many, of larger splits a random sample of so many.</summary>
    public const int TokenizedRows = 50_000;

    /// <summary>Characters of a text that are tokenised; a longer text is beyond any model's limit anyway.</summary>
    public const int TokenizedCharacters = 100_000;

    /// <summary>Share of texts longer than max_length from which it is a warning.</summary>
    public const double ManyTruncated = 0.10;

    /// <summary>Share of unknown tokens from which it is a warning.</summary>
    public const double ManyUnknown = 0.02;

    /// <summary>
    /// Tokens a word or sign from which the vocabulary does not fit: English in an English vocabulary has about 1.1 (biomedical texts 1.3),
    /// Spanish in it 1.6.
    /// </summary>
    public const double ManyTokensPerWord = 1.5;

    /// <summary>Words that must have been counted before shares of tokens mean anything.</summary>
    public const int FewestWords = 500;

    /// <summary>Share of the rows from which one class dominates.</summary>
    public const double DominatingShare = 0.90;

    /// <summary>Rows below which nobody minds how the classes are distributed.</summary>
    public const int FewestRowsForShares = 50;

    /// <summary>A class is rare with fewer rows than this, if it has also less than <see cref="RareShare"/> of the mean.</summary>
    public const int RareRows = 10;

    /// <summary>Share of the mean number of rows per class below which a class is rare.</summary>
    public const double RareShare = 0.10;

    /// <summary>Half the sum of the differences between the class shares of two splits (total variation) from which they differ.</summary>
    public const double SharesDiffer = 0.15;

    /// <summary>A label is a likely slip only if the label it resembles is so many times as frequent.</summary>
    public const int TypoRatio = 4;

    /// <summary>Shortest label that is compared for slips of one letter.</summary>
    public const int TypoShortest = 3;

    /// <summary>Shortest label in which two letters may be wrong.</summary>
    public const int TypoTwoLetters = 9;

    /// <summary>Characters of a text that are looked at to tell its language.</summary>
    public const int LanguageCharacters = 2_000;

    /// <summary>Words of a language's list that a text must hold to be told to be in it.</summary>
    public const int LanguageHits = 3;

    /// <summary>Share of a second language, among the rows whose language is told, from which the texts mix languages.</summary>
    public const double LanguageMixShare = 0.05;

    /// <summary>Rows of a second language from which the texts mix languages.</summary>
    public const int LanguageMixRows = 20;

    /// <summary>Share of texts with HTML from which it is worth telling.</summary>
    public const double MarkupShare = 0.02;

    /// <summary>Rows with HTML from which it is worth telling.</summary>
    public const int MarkupRows = 5;

    /// <summary>Training rows from which a baseline means anything.</summary>
    public const int BaselineFewestRows = 200;

    /// <summary>Most classes of a baseline.</summary>
    public const int BaselineClasses = 64;

    /// <summary>Word counts of the baseline per class; words share a count by their hash.</summary>
    public const int BaselineBuckets = 1 << 17;

    /// <summary>Rows that are held out to evaluate the baseline where no other split is there.</summary>
    public const int BaselineHeldOut = 2_000;

    /// <summary>One in so many rows is held out, up to <see cref="BaselineHeldOut"/>.</summary>
    public const int BaselineHoldOutEvery = 5;

    /// <summary>Words of a text that the baseline looks at.</summary>
    public const int BaselineWords = 2_000;

    /// <summary>Accuracy of the baseline from which the labels may be given away.</summary>
    public const double BaselineTooGood = 0.98;

    /// <summary>Gain over the most frequent class below which words do not tell the labels.</summary>
    public const double BaselineGain = 0.01;

    /// <summary>Evaluated rows below which the baseline's accuracy is no finding.</summary>
    public const int BaselineFewestEvaluated = 100;

    /// <summary>Bars of a histogram.</summary>
    public const int HistogramBars = 12;
}

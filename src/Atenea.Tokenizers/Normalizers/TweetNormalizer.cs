using System.Text;

namespace Atenea.Tokenizers;

/// <summary>
/// BERTweet's normalisation (Nguyen et al. 2020): the text is cut into words, links, handles, emoticons and so on as NLTK's tweet tokenizer
/// does; handles become @USER, links HTTPURL; contractions and abbreviations are respaced. Emoji stay as they are, as in the reference
/// without its optional emoji package. Offsets are not kept: the reference has none.
/// </summary>
internal sealed class TweetNormalizer : Normalizer
{
    private const string NoBrackets = @"[^\s()<>{}\[\]]";

    /// <summary>Parentheses, nested once or not at all.</summary>
    private const string Brackets = @"\([^\s()]*?\([^\s()]+\)[^\s()]*?\)|\([^\s]+?\)";
    private const string Mouth = @"[\)\]\(\[dDpP/\:\}\{@\|\\]";
    private const string Letter = @"[\w&&[^\d_]]";

    /// <summary>
    /// A link with a protocol or a path. The middle is written so that each character can be consumed in one way only,
    /// which keeps the time linear where the usual form of this pattern can take for ever.
    /// </summary>
    private const string Link =
        @"(?:https?:(?:/{1,3}|[a-z0-9%])|[a-z0-9.\-]+[.](?:[a-z]{2,13})/)"
        + $"(?:{NoBrackets}+(?:(?:{Brackets}){NoBrackets}*)*|(?:(?:{Brackets}){NoBrackets}*)+)"
        + $"(?:{Brackets}" + @"|[^\s`!()\[\]{};:'"".,<>?\u00AB\u00BB\u201C\u201D\u2018\u2019])";

    private static readonly string[] Alternatives =
    [
        Link,
        @"(?<!@)[a-z0-9]+(?:[.\-][a-z0-9]+)*[.](?:[a-z]{2,13})\b/?(?!@)",
        @"(?:\+?[01][ *\-.\)]*)?(?:[\(]?\d{3}[ *\-.\)]*)?\d{3}[ *\-.\)]*\d{4}",
        @"[<>]?[:;=8][\-o\*\']?" + Mouth,
        Mouth + @"[\-o\*\']?[:;=8][<>]?",
        "<3",
        @"<[^>\s]+>",
        @"[\-]+>|<[\-]+",
        @"@[\w_]+",
        @"\#+[\w_]+[\w\'_\-]*[\w_]+",
        @"[\w.+\-]+@[\w\-]+\.(?:[\w\-]\.?)+[\w\-]",
        Letter + "[" + Letter + @"'\-_]+" + Letter,
        @"[+\-]?\d+[,/.:\-]\d+[+\-]?",
        @"[\w_]+",
        @"\.(?:\s*\.)+",
        @"\S",
    ];

    private static readonly OnigurumaRegex Words =
        new("(?i)(?:" + string.Join('|', Alternatives) + ")", "BERTweet", UnicodeTables.Ranges("word"));

    private static readonly (string From, string To)[] Respacing =
    [
        ("cannot ", "can not "),
        ("n't ", " n't "),
        ("n 't ", " n't "),
        ("ca n't", "can't"),
        ("ai n't", "ain't"),
        ("'m ", " 'm "),
        ("'re ", " 're "),
        ("'s ", " 's "),
        ("'ll ", " 'll "),
        ("'d ", " 'd "),
        ("'ve ", " 've "),
        (" p . m .", "  p.m."),
        (" p . m ", " p.m "),
        (" a . m .", " a.m."),
        (" a . m ", " a.m "),
    ];

    /// <summary>Normalises a text.</summary>
    public static string Normalize(string tweet)
    {
        tweet = Punctuation(tweet);
        string text = ShortenRuns(HtmlEntities.Replace(tweet));
        var joined = new StringBuilder();
        for (int at = 0; at < text.Length && Words.Find(text, at, out int start, out int end) && end > start; at = end)
        {
            joined.Append(joined.Length == 0 ? "" : " ").Append(Word(text[start..end]));
        }

        string result = joined.ToString();
        foreach ((string from, string to) in Respacing)
        {
            result = result.Replace(from, to, StringComparison.Ordinal);
        }

        return string.Join(' ', PythonWhitespace.Split(result));
    }

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        foreach (char unit in Normalize(source.Units[start..end].ToString()))
        {
            target.Append(unit, source.StartOf(start), source.EndOf(end - 1));
        }
    }

    private static string Punctuation(string text) =>
        text.Replace("\u2019", "'", StringComparison.Ordinal).Replace("\u2026", "...", StringComparison.Ordinal);

    private static string Word(string word)
    {
        if (word.StartsWith('@')) return "@USER";

        if (word.StartsWith("http", StringComparison.OrdinalIgnoreCase) || word.StartsWith("www", StringComparison.OrdinalIgnoreCase))
        {
            return "HTTPURL";
        }

        return word.Length == 1 ? Punctuation(word) : word;
    }

    /// <summary>More than three of one character in a row become three, unless it is an ASCII letter or digit.</summary>
    private static string ShortenRuns(string text)
    {
        var shortened = new StringBuilder(text.Length);
        for (int i = 0; i < text.Length;)
        {
            int codePoint = CodePoint.At(text, i, out int length);
            int end = i + length;
            int count = 1;
            while (end < text.Length && CodePoint.At(text, end, out _) == codePoint)
            {
                end += length;
                count++;
            }

            bool keep = codePoint < 128 && char.IsAsciiLetterOrDigit((char)codePoint);
            shortened.Append(text, i, keep || count < 4 ? end - i : 3 * length);
            i = end;
        }

        return shortened.ToString();
    }
}

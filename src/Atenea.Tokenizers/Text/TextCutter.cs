namespace Atenea.Tokenizers;

/// <summary>
/// Finds where a text may be cut so that the tokens of the two sides are the tokens of the whole, which lets a text of any length be
/// encoded in bounded memory. A cut lies before a single space between two words (<c>some| text</c>): there no character composes with its
/// neighbour, no normaliser of the pipeline looks across, and the pre-tokenizer begins a word, or a BPE vocabulary has no token that
/// reaches across. BERT's pipeline is also cut between ideographs, each of which is a word of its own. A pipeline for which this cannot be
/// shown is not cut.
/// </summary>
internal sealed class TextCutter
{
    private const byte Calm = 1;
    private const byte Restless = 2;
    private const char FirstIdeograph = '\u4E00';
    private const char LastIdeograph = '\u9FFF';

    private readonly Normalizer? _normalizer;
    private readonly AddedTokenSplitter _rawTokens;
    private readonly HashSet<char> _beforeSpace = [];
    private readonly bool _cutsWords;
    private readonly bool _cutsIdeographs;
    private readonly byte[] _calm;

    /// <summary>Judges a pipeline.</summary>
    /// <param name="normalizer">The normalizer, or null.</param>
    /// <param name="preTokenizer">The pre-tokenizer, or null.</param>
    /// <param name="model">The model.</param>
    /// <param name="rawTokens">The added tokens that are looked for in raw text.</param>
    /// <param name="normalizedTokens">Those that are looked for in normalised text, as they look there.</param>
    public TextCutter(
        Normalizer? normalizer,
        PreTokenizer? preTokenizer,
        TokenModel model,
        AddedTokenSplitter rawTokens,
        IReadOnlyList<(string Pattern, AddedToken Token)> normalizedTokens)
    {
        _normalizer = normalizer;
        _rawTokens = rawTokens;
        char space = ' ';
        if (normalizer?.KeepsCuts(ref space) ?? true)
        {
            char normalizedSpace = space;
            CutEffect effect = preTokenizer?.AtCut(ref space) ?? CutEffect.Keeps;
            WithinWord = effect == CutEffect.Keeps;
            _cutsWords = effect == CutEffect.Splits || (WithinWord && model.KeepsCuts(space));
            FindReach(normalizedTokens, normalizedSpace);
        }

        _cutsIdeographs = normalizer is BertNormalizer { SpacesIdeographs: true } && preTokenizer is BertPreTokenizer
            && !normalizedTokens.Any(t => t.Pattern.AsSpan().ContainsAnyInRange(FirstIdeograph, LastIdeograph));
        _calm = _cutsWords ? new byte[0x10000] : [];
    }

    /// <summary>Whether a cut lies within a word of the pre-tokenizer (which then cuts no words at all), not between two.</summary>
    public bool WithinWord { get; }

    /// <summary>The last place where a text that goes on may be cut, or -1.</summary>
    public int LastCut(ReadOnlySpan<char> text)
    {
        if (!_cutsWords && !_cutsIdeographs) return -1;

        // An added token that begins near the cut must be seen whole.
        for (int cut = text.Length - 2 - Math.Max(1, _rawTokens.LongestPattern); cut > 1; cut--)
        {
            if (text[cut] == ' '
                ? _cutsWords && IsCalm(text[cut - 1]) && IsCalm(text[cut + 1]) && IsQuiet(text[cut - 2]) && IsQuiet(text[cut + 2])
                : _cutsIdeographs && IsIdeograph(text[cut]) && IsIdeograph(text[cut - 1]))
            {
                if (!_rawTokens.Touches(text, cut - 1, cut + 2)) return cut;
            }
        }

        return -1;
    }

    private static bool IsIdeograph(char unit) => unit is >= FirstIdeograph and <= LastIdeograph;

    /// <summary>
    /// Added tokens in normalised text reach across a cut only by white space within them, or after them if they take it in: the characters
    /// before such white space must not stand before a cut.
    /// </summary>
    private void FindReach(IReadOnlyList<(string Pattern, AddedToken Token)> tokens, char space)
    {
        foreach ((string pattern, AddedToken token) in tokens)
        {
            for (int i = 1; i < pattern.Length; i++)
            {
                if (pattern[i] == space || UnicodeTables.WhiteSpace.Contains(pattern[i]))
                {
                    _beforeSpace.Add(pattern[i - 1]);
                }
            }

            if (token.RightStrip && pattern.Length > 0)
            {
                _beforeSpace.Add(pattern[^1]);
            }
        }
    }

    /// <summary>Whether a character may stand next but one to a cut: it forms no cluster with its neighbour.</summary>
    private bool IsQuiet(char unit) => unit is >= ' ' and <= '~' || IsCalm(unit);

    /// <summary>
    /// Whether a character may stand next to a cut: a letter or digit that normalisation leaves one, apart from case and accents.
    /// </summary>
    private bool IsCalm(char unit)
    {
        byte known = _calm[unit];
        if (known == 0)
        {
            // Two threads may judge a character at once; both come to the same.
            known = Judge(unit) ? Calm : Restless;
            _calm[unit] = known;
        }

        return known == Calm;
    }

    private bool Judge(char unit)
    {
        // Letters that join with their neighbours: conjoining Jamo, and the few that form one cluster with the letter beside them.
        bool joins = unit is (>= '\u1100' and <= '\u11FF') or (>= '\uA960' and <= '\uA97F') or (>= '\uD7B0' and <= '\uD7FF')
            or '\u0D4E' or '\u0E33' or '\u0EB3';
        if (joins || !(char.IsAsciiDigit(unit) || CharacterKinds.At([unit], 0, out _) == CharacterKinds.Letter)) return false;

        string normalized = AddedTokenSplitter.NormalizedPattern($"0{unit}0", _normalizer);
        int start = normalized.IndexOf('0', StringComparison.Ordinal) + 1;
        int end = normalized.LastIndexOf('0');
        return end > start && !normalized.Any(c => UnicodeTables.WhiteSpace.Contains(c)) && !_beforeSpace.Contains(normalized[end - 1]);
    }
}

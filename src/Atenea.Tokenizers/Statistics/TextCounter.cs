namespace Atenea.Tokenizers;

/// <summary>Counts the tokens of texts that come in chunks: no more of a text is held than has to be encoded together.</summary>
internal sealed class TextCounter(Tokenizer tokenizer, int? maxLength)
{
    private readonly int _special = tokenizer.CountSpecialTokens(pair: false);
    private readonly List<int> _lengths = [];
    private char[] _held = new char[1 << 10];
    private int _heldCount;
    private int _nextTry = 2 * tokenizer.PartLength;
    private bool _continues;
    private bool _withinWord;
    private int _tokensOfText;
    private TokenStatistics _sum = new() { MaxLength = maxLength };

    /// <summary>Adds a chunk of the current text.</summary>
    /// <param name="chunk">The chunk; texts may be cut anywhere.</param>
    /// <param name="where">File and line, for errors.</param>
    public void Add(ReadOnlySpan<char> chunk, string where)
    {
        _sum = _sum with { Characters = _sum.Characters + chunk.Length, Words = _sum.Words + WordStarts(chunk) };
        for (int step = tokenizer.PartLength; !chunk.IsEmpty; chunk = chunk[Math.Min(step, chunk.Length)..])
        {
            Hold(chunk[..Math.Min(step, chunk.Length)]);
            while (_heldCount > _nextTry)
            {
                int cut = tokenizer.CutOf(_held.AsSpan(0, _heldCount));
                if (cut > 0)
                {
                    Encode(cut);
                    _nextTry = 2 * tokenizer.PartLength;
                }
                else
                {
                    _nextTry = _heldCount <= Tokenizer.LongestUncut
                        ? Math.Min(2 * _heldCount, Tokenizer.LongestUncut)
                        : throw Tokenizer.TooLong(where);
                }
            }
        }
    }

    /// <summary>Ends the current text.</summary>
    public void EndText()
    {
        Encode(_heldCount);
        int length = _tokensOfText + _special;
        _lengths.Add(length);
        if (maxLength is { } most && length > most)
        {
            _sum = _sum with { TruncatedTexts = _sum.TruncatedTexts + 1, TruncatedTokens = _sum.TruncatedTokens + length - most };
        }

        _tokensOfText = 0;
        _continues = false;
        _withinWord = false;
        _nextTry = 2 * tokenizer.PartLength;
    }

    /// <summary>What has been counted.</summary>
    public TokenStatistics Result()
    {
        _lengths.Sort();
        return _sum with
        {
            Texts = _lengths.Count,
            LongestText = _lengths.Count == 0 ? 0 : _lengths[^1],
            MedianText = _lengths.Count == 0 ? 0 : _lengths[_lengths.Count / 2],
        };
    }

    private void Hold(ReadOnlySpan<char> chunk)
    {
        if (_heldCount + chunk.Length > _held.Length)
        {
            Array.Resize(ref _held, Math.Max(_heldCount + chunk.Length, 2 * _held.Length));
        }

        chunk.CopyTo(_held.AsSpan(_heldCount));
        _heldCount += chunk.Length;
    }

    private void Encode(int length)
    {
        if (length > 0)
        {
            tokenizer.RunPart(_held.AsSpan(0, length), _continues, workspace =>
            {
                int count = workspace.Pieces.Count;
                int unknown = tokenizer.UnknownTokenId is { } id ? workspace.Pieces.Ids.Count(id) : 0;
                _tokensOfText += count;
                _sum = _sum with { Tokens = _sum.Tokens + count, UnknownTokens = _sum.UnknownTokens + unknown };
            });
            _held.AsSpan(length, _heldCount - length).CopyTo(_held);
            _heldCount -= length;
            _continues = true;
        }
    }

    private long WordStarts(ReadOnlySpan<char> chunk)
    {
        long starts = 0;
        foreach (char unit in chunk)
        {
            bool space = UnicodeTables.WhiteSpace.Contains(unit);
            starts += !space && !_withinWord ? 1 : 0;
            _withinWord = !space;
        }

        return starts;
    }
}

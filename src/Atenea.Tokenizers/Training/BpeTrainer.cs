using System.Text;

namespace Atenea.Tokenizers;

/// <summary>What training a BPE vocabulary gives.</summary>
/// <param name="Tokens">Tokens in order of id.</param>
/// <param name="Merges">Pairs of tokens in order of rank.</param>
internal sealed record BpeVocabulary(IReadOnlyList<string> Tokens, IReadOnlyList<(string Left, string Right)> Merges);

/// <summary>
/// Learns merges: the most frequent pair first and, among equals, the one with the smaller ids. WordPiece is the same with a prefix,
/// its merges dropped. Words are taken in ordinal order, so the same text always gives the same ids.
/// </summary>
internal sealed class BpeTrainer(TokenizerTrainingOptions options, int vocabularySize, Action<TokenizerTrainingProgress>? progress)
{
    private readonly List<string> _tokens = [];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<long, long> _pairCounts = [];
    private readonly Dictionary<long, HashSet<int>> _formed = [];
    private readonly List<TrainingWord> _words = [];
    private readonly string _prefix = options.ContinuingPrefix ?? "";
    private readonly string _suffix = options.EndOfWordSuffix ?? "";

    /// <summary>
    /// Tokens that get the first ids after the special ones; for replaying a vocabulary whose first ids came about by chance.
    /// </summary>
    public IReadOnlyList<string> FirstTokens { get; init; } = [];

    /// <summary>A pair that may be merged, in the words where it was formed.</summary>
    private sealed record Candidate(long Pair, long Count, HashSet<int> Words);

    /// <summary>Learns from words and their counts.</summary>
    public BpeVocabulary Train(IReadOnlyDictionary<string, long> counts)
    {
        foreach (string token in options.SpecialTokens.Concat(FirstTokens))
        {
            IdOf(token);
        }

        KeyValuePair<string, long>[] words = [.. counts.OrderBy(w => w.Key, StringComparer.Ordinal)];
        HashSet<string> alphabet = Alphabet(words);
        foreach ((string word, long count) in words)
        {
            _words.Add(Cut(word, count, alphabet));
        }

        List<(string, string)> merges = [];
        var queue = new PriorityQueue<Candidate, (long NegativeCount, int Left, int Right)>();
        CountPairs();
        Enqueue(queue);
        int start = _tokens.Count;
        while (_tokens.Count < vocabularySize && queue.TryDequeue(out Candidate? best, out _))
        {
            long count = _pairCounts.GetValueOrDefault(best.Pair);
            if (count != best.Count)
            {
                // Merges since it was queued have changed its count: it takes its new place.
                if (count > 0)
                {
                    Push(queue, best with { Count = count });
                }

                continue;
            }

            if (count < 1 || count < options.MinFrequency) break;

            merges.Add(Merge(best));
            Enqueue(queue);
            if ((merges.Count & 0xFF) == 0)
            {
                progress?.Invoke(new TokenizerTrainingProgress("merges", _tokens.Count - start, vocabularySize - start));
            }
        }

        return new BpeVocabulary(_tokens, merges);
    }

    private (string, string) Merge(Candidate best)
    {
        (int left, int right) = Parts(best.Pair);
        string second = _tokens[right];
        string rest = _prefix.Length > 0 && second.StartsWith(_prefix, StringComparison.Ordinal) ? second[_prefix.Length..] : second;
        int merged = IdOf(_tokens[left] + rest);
        foreach (int word in best.Words)
        {
            MergeIn(word, left, right, merged);
        }

        return (_tokens[left], second);
    }

    private void MergeIn(int index, int left, int right, int merged)
    {
        TrainingWord word = _words[index];
        int most = options.MaxTokenLength ?? int.MaxValue;
        for (int i = 0; i + 1 < word.Count; i++)
        {
            if (word.Ids[i] != left || word.Ids[i + 1] != right) continue;

            int length = word.Lengths[i] + word.Lengths[i + 1];
            if (i > 0)
            {
                Change(word.Ids[i - 1], left, -word.Frequency, index);
                if (word.Lengths[i - 1] + length < most)
                {
                    Change(word.Ids[i - 1], merged, word.Frequency, index);
                }
            }

            word.Replace(i, merged, length);
            if (i + 1 < word.Count)
            {
                Change(right, word.Ids[i + 1], -word.Frequency, index);
                if (word.Lengths[i + 1] + length < most)
                {
                    Change(merged, word.Ids[i + 1], word.Frequency, index);
                }
            }
        }
    }

    private void CountPairs()
    {
        for (int w = 0; w < _words.Count; w++)
        {
            TrainingWord word = _words[w];
            for (int i = 0; i + 1 < word.Count; i++)
            {
                Change(word.Ids[i], word.Ids[i + 1], word.Frequency, w);
            }
        }
    }

    private void Change(int left, int right, long change, int word)
    {
        long pair = (long)left << 32 | (uint)right;
        System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _) += change;
        if (change > 0)
        {
            ref HashSet<int>? words = ref System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_formed, pair, out _);
            (words ??= []).Add(word);
        }
    }

    private void Enqueue(PriorityQueue<Candidate, (long, int, int)> queue)
    {
        foreach ((long pair, HashSet<int> words) in _formed)
        {
            long count = _pairCounts[pair];
            if (count > 0)
            {
                Push(queue, new Candidate(pair, count, words));
            }
        }

        _formed.Clear();
    }

    private static void Push(PriorityQueue<Candidate, (long, int, int)> queue, Candidate candidate)
    {
        (int left, int right) = Parts(candidate.Pair);
        queue.Enqueue(candidate, (-candidate.Count, left, right));
    }

    private static (int Left, int Right) Parts(long pair) => ((int)(pair >> 32), (int)pair);

    /// <summary>The single characters to keep, given ids in the order of their code points.</summary>
    private HashSet<string> Alphabet(KeyValuePair<string, long>[] words)
    {
        var counts = new Dictionary<int, long>();
        foreach ((string word, long count) in words)
        {
            foreach (Rune rune in word.EnumerateRunes())
            {
                counts[rune.Value] = counts.GetValueOrDefault(rune.Value) + count;
            }
        }

        foreach (string character in options.InitialAlphabet)
        {
            foreach (Rune rune in character.EnumerateRunes().Take(1))
            {
                counts[rune.Value] = long.MaxValue;
            }
        }

        IEnumerable<int> kept = counts.Keys;
        if (options.LimitAlphabet is { } limit && counts.Count > limit)
        {
            kept = counts.OrderByDescending(c => c.Value).ThenBy(c => c.Key).Take(limit).Select(c => c.Key);
        }

        var alphabet = new HashSet<string>(StringComparer.Ordinal);
        foreach (int codePoint in kept.Order())
        {
            string character = char.ConvertFromUtf32(codePoint);
            alphabet.Add(character);
            IdOf(character);
        }

        return alphabet;
    }

    private TrainingWord Cut(string text, long count, HashSet<string> alphabet)
    {
        List<int> ids = [];
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            string character = rune.ToString();
            bool first = at == 0;
            at += rune.Utf16SequenceLength;
            if (alphabet.Contains(character))
            {
                string decorated = (first ? "" : _prefix) + character + (at == text.Length ? _suffix : "");
                ids.Add(IdOf(decorated));
            }
        }

        return new TrainingWord([.. ids], count);
    }

    private int IdOf(string token)
    {
        if (!_ids.TryGetValue(token, out int id))
        {
            id = _tokens.Count;
            _ids.Add(token, id);
            _tokens.Add(token);
        }

        return id;
    }

    /// <summary>A word in its present pieces.</summary>
    private sealed class TrainingWord(int[] ids, long frequency)
    {
        public int[] Ids { get; } = ids;

        /// <summary>Length of each piece in base characters.</summary>
        public int[] Lengths { get; } = [.. Enumerable.Repeat(1, ids.Length)];

        public int Count { get; private set; } = ids.Length;

        public long Frequency { get; } = frequency;

        /// <summary>Puts one piece in the place of two.</summary>
        public void Replace(int at, int id, int length)
        {
            Ids[at] = id;
            Lengths[at] = length;
            Count--;
            Array.Copy(Ids, at + 2, Ids, at + 1, Count - at - 1);
            Array.Copy(Lengths, at + 2, Lengths, at + 1, Count - at - 1);
        }
    }
}

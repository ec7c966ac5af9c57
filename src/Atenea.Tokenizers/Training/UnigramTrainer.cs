using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>
/// Learns a Unigram vocabulary (Kudo 2018): many seed pieces, then rounds of expectation maximisation, each followed by dropping the pieces
/// whose loss costs the likelihood least. The words are taken in ordinal order and summed in that order, so the result is always the same.
/// </summary>
internal sealed class UnigramTrainer(TokenizerTrainingOptions options, int vocabularySize, Action<TokenizerTrainingProgress>? progress)
{
    /// <summary>Pieces expected less often than this are dropped.</summary>
    private const double LeastExpected = 0.5;

    /// <summary>Characters that no piece covers get the lowest score and, one after another, this much more.</summary>
    private const double PenaltyStep = 0.0001;

    private (string Word, long Count)[] _words = [];

    /// <summary>Pieces with their scores in order of id, and the unknown piece's id.</summary>
    public (List<(string Piece, double Score)> Pieces, int? UnknownId) Train(IReadOnlyDictionary<string, long> counts)
    {
        _words = [.. counts.OrderBy(w => w.Key, StringComparer.Ordinal).Select(w => (w.Key, w.Value))];
        string[] required = Required();
        if (required.Length > vocabularySize)
        {
            throw new AteneaException(
                Catalogue.TokenizerTrainingInvalid,
                $"the text has {required.Length} different characters, more than the {vocabularySize} tokens asked for",
                null,
                "raise the vocabulary size");
        }

        List<(string Piece, double Score)> pieces =
            [("<UNK>", double.NaN), .. LogProbabilities(SeedPieces.Find(_words, options.MaxPieceLength, options.SeedSize))];
        int desired = (int)((long)vocabularySize * 11 / 10);
        int round = 0;
        while (true)
        {
            for (int i = 0; i < options.SubIterations; i++)
            {
                pieces = Maximise(pieces, Expect(pieces));
                progress?.Invoke(new TokenizerTrainingProgress($"round {++round}", pieces.Count, desired));
            }

            if (pieces.Count <= desired) break;

            pieces = Prune(pieces, desired);
        }

        return Finish(pieces, required);
    }

    private string[] Required() =>
        [.. _words.SelectMany(w => w.Word.EnumerateRunes()).Concat(options.InitialAlphabet.SelectMany(a => a.EnumerateRunes()))
        .Select(r => r.Value).Distinct().Order().Select(char.ConvertFromUtf32)];

    private static IEnumerable<(string, double)> LogProbabilities(List<(string Piece, double Weight)> pieces)
    {
        double logSum = Math.Log(pieces.Sum(p => p.Weight));
        return pieces.Select(p => (p.Piece, Math.Log(p.Weight) - logSum));
    }

    private double[] Expect(List<(string Piece, double Score)> pieces)
    {
        var lattice = new UnigramLattice(pieces);
        var expected = new double[pieces.Count];
        foreach ((string word, long count) in _words)
        {
            lattice.Load(word);
            _ = lattice.Expect(count, expected);
        }

        return expected;
    }

    private static List<(string, double)> Maximise(List<(string Piece, double Score)> pieces, double[] expected)
    {
        List<(string Piece, double Count)> kept = [(pieces[0].Piece, double.NaN)];
        double sum = 0;
        for (int id = 1; id < pieces.Count; id++)
        {
            if (expected[id] >= LeastExpected)
            {
                kept.Add((pieces[id].Piece, expected[id]));
                sum += expected[id];
            }
        }

        // The Bayesian form of the step: digamma in place of the logarithm favours fewer pieces.
        double logSum = Digamma(sum);
        return kept.ConvertAll(p => (p.Piece, double.IsNaN(p.Count) ? double.NaN : Digamma(p.Count) - logSum));
    }

    private List<(string, double)> Prune(List<(string Piece, double Score)> pieces, int desired)
    {
        var lattice = new UnigramLattice(pieces);
        var alwaysKeep = new bool[pieces.Count];
        var alternatives = new List<int>?[pieces.Count];
        for (int id = 1; id < pieces.Count; id++)
        {
            lattice.Load(pieces[id].Piece);
            (List<int> best, List<int>? second) = lattice.BestTwo();
            alwaysKeep[id] = second is null || best.Count == 1;
            alternatives[id] = second is not null && best.Count == 1 ? second : null;
        }

        var frequency = new double[pieces.Count];
        var wordsWith = new double[pieces.Count];
        double total = 0;
        foreach ((string word, long count) in _words)
        {
            total += count;
            lattice.Load(word);
            foreach (int id in lattice.Best())
            {
                frequency[id] += count;
                wordsWith[id] += count;
            }
        }

        double sum = frequency.Sum();
        List<(string, double)> kept = [pieces[0]];
        List<(int Id, double Loss)> candidates = [];
        for (int id = 1; id < pieces.Count; id++)
        {
            if (frequency[id] == 0 && !alwaysKeep[id]) continue;

            if (alternatives[id] is not { } instead)
            {
                kept.Add(pieces[id]);
            }
            else if (wordsWith[id] > 0)
            {
                candidates.Add((id, Loss(id, instead, frequency, sum, wordsWith[id] / total, pieces.Count)));
            }
        }

        int size = Math.Max(desired, (int)(pieces.Count * options.ShrinkingFactor));
        foreach ((int id, double _) in candidates.OrderByDescending(c => c.Loss))
        {
            if (kept.Count == size) break;

            kept.Add(pieces[id]);
        }

        return kept;
    }

    /// <summary>
    /// What the likelihood loses if a piece is spelled by its second-best segmentation. The reference library counts the lists of all
    /// pieces where the length of this one is meant; the same is done here, as vocabularies depend on it.
    /// </summary>
    private static double Loss(int id, List<int> instead, double[] frequency, double sum, double share, int lists)
    {
        double before = Math.Log(frequency[id]) - Math.Log(sum);
        double logSum = Math.Log(sum + frequency[id] * (lists - 1));
        double after = 0;
        foreach (int other in instead)
        {
            after += Math.Log(frequency[other] + frequency[id]) - logSum;
        }

        return share * (before - after);
    }

    private (List<(string Piece, double Score)> Pieces, int? UnknownId) Finish(List<(string Piece, double Score)> model, string[] required)
    {
        double lowest = model.Skip(1).Min(p => p.Score);
        var scores = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach ((string piece, double score) in model)
        {
            scores[piece] = score;
        }

        List<(string Piece, double Score)> pieces = [];
        var taken = new HashSet<string>(StringComparer.Ordinal) { "<UNK>" };
        double penalty = 0;
        foreach (string character in required)
        {
            if (scores.TryGetValue(character, out double score))
            {
                pieces.Add((character, score));
            }
            else
            {
                pieces.Add((character, lowest + penalty));
                penalty += PenaltyStep;
            }

            taken.Add(character);
        }

        int? unknownId = null;
        List<string> special = [.. options.SpecialTokens];
        if (options.UnknownToken is { } unknown)
        {
            if (!special.Contains(unknown))
            {
                special.Insert(0, unknown);
            }

            unknownId = special.IndexOf(unknown);
        }

        int room = vocabularySize - special.Count;
        foreach ((string piece, double score) in model)
        {
            if (pieces.Count >= room) break;

            if (taken.Add(piece))
            {
                pieces.Add((piece, score));
            }
        }

        IEnumerable<(string, double)> learnt = pieces.Where(p => !special.Contains(p.Piece)).OrderByDescending(p => p.Score);
        return ([.. special.Select(token => (token, 0.0)), .. learnt], unknownId);
    }

    /// <summary>The derivative of the logarithm of the gamma function, by its asymptotic series.</summary>
    private static double Digamma(double x)
    {
        double result = 0;
        while (x < 7)
        {
            result -= 1 / x;
            x++;
        }

        x -= 0.5;
        double inverse = 1 / x;
        double square = inverse * inverse;
        double fourth = square * square;
        return result + Math.Log(x) + square / 24 - 7.0 / 960 * fourth + 31.0 / 8064 * fourth * square - 127.0 / 30720 * fourth * fourth;
    }
}

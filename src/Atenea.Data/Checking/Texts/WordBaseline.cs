namespace Atenea.Data;

/// <summary>How well counting words tells the labels.</summary>
/// <param name="On">What it was evaluated on: a file, or held-out rows.</param>
/// <param name="Trained">Rows that it was trained on.</param>
/// <param name="Rows">Rows that it was evaluated on.</param>
/// <param name="Accuracy">Its accuracy, from 0 to 1.</param>
/// <param name="MajorityAccuracy">The accuracy of always answering the class that is most frequent in training.</param>
public sealed record BaselineResult(string On, long Trained, long Rows, double Accuracy, double MajorityAccuracy);

/// <summary>
/// A multinomial naive Bayes classifier over single words with add-one smoothing (McCallum and Nigam 1998), its words hashed, so that its
/// size is fixed. What it reaches costs seconds; a fine-tuned model should reach more.
/// </summary>
internal sealed class WordBaseline
{
    private readonly List<int[]> _counts = []; // by class, by hash of the word
    private readonly List<long> _words = [];
    private readonly List<long> _rows = [];
    private readonly bool[] _known = new bool[CheckLimits.BaselineBuckets];
    private readonly List<(int Label, int[] Words)> _heldOut = [];
    private int _vocabulary;
    private long _seen;
    private long _candidates;
    private long _evaluated;
    private long _right;
    private long _majorityRight;

    /// <summary>Whether there are more classes than it takes.</summary>
    public bool HasTooManyClasses { get; private set; }

    /// <summary>Learns a row, or holds it out.</summary>
    /// <param name="text">The text.</param>
    /// <param name="label">The number of its class, from 0.</param>
    /// <param name="holdOut">Whether some rows are held out for <see cref="EvaluateHeldOut"/>.</param>
    public void Learn(string text, int label, bool holdOut)
    {
        if (label >= CheckLimits.BaselineClasses) HasTooManyClasses = true;
        if (HasTooManyClasses) return;
        _seen++;
        if (holdOut && _seen % CheckLimits.BaselineHoldOutEvery == 0)
        {
            HoldOut(text, label);
            return;
        }

        while (_counts.Count <= label)
        {
            _counts.Add(new int[CheckLimits.BaselineBuckets]);
            _words.Add(0);
            _rows.Add(0);
        }

        _rows[label]++;
        int[] counts = _counts[label];
        foreach (int word in Hashes(text))
        {
            counts[word]++;
            _words[label]++;
            if (_known[word]) continue;
            _known[word] = true;
            _vocabulary++;
        }
    }

    /// <summary>Answers a row, and counts whether the answer is right.</summary>
    public void Evaluate(string text, int label) => Evaluate(Hashes(text), label);

    /// <summary>Answers the rows held out.</summary>
    public void EvaluateHeldOut()
    {
        foreach ((int label, int[] words) in _heldOut) Evaluate(words, label);
        _heldOut.Clear();
    }

    /// <summary>The result since the last call; null if there were too few rows.</summary>
    /// <param name="on">What it was evaluated on.</param>
    public BaselineResult? Result(string on)
    {
        (long evaluated, long right, long majority) = (_evaluated, _right, _majorityRight);
        (_evaluated, _right, _majorityRight) = (0, 0, 0);
        long trained = _rows.Sum();
        return HasTooManyClasses || evaluated == 0 || _rows.Count < 2 || trained + _heldOut.Count < CheckLimits.BaselineFewestRows ? null
            : new BaselineResult(on, trained, evaluated, (double)right / evaluated, (double)majority / evaluated);
    }

    private void Evaluate(int[] words, int label)
    {
        if (HasTooManyClasses || _rows.Count == 0) return;
        int best = 0;
        double highest = double.NegativeInfinity;
        long rows = _rows.Sum();
        for (int c = 0; c < _counts.Count; c++)
        {
            double score = Math.Log(_rows[c] + 1.0) - Math.Log(rows + _counts.Count), total = Math.Log(_words[c] + (double)_vocabulary);
            foreach (int word in words)
            {
                if (_known[word]) score += Math.Log(_counts[c][word] + 1.0) - total;
            }

            if (score <= highest) continue;
            highest = score;
            best = c;
        }

        _evaluated++;
        if (best == label) _right++;
        if (_rows.IndexOf(_rows.Max()) == label) _majorityRight++;
    }

    /// <summary>Keeps a random sample of the rows to hold out (Vitter's algorithm R), for files are often sorted by label.</summary>
    private void HoldOut(string text, int label)
    {
        _candidates++;
        if (_heldOut.Count < CheckLimits.BaselineHeldOut)
        {
            _heldOut.Add((label, Hashes(text)));
            return;
        }

        long slot = Sampling.Draw(_candidates, _candidates);
        if (slot < _heldOut.Count) _heldOut[(int)slot] = (label, Hashes(text));
    }

    private static int[] Hashes(string text)
    {
        var hashes = new List<int>();
        var words = new Words(text);
        while (hashes.Count < CheckLimits.BaselineWords && words.MoveNext())
        {
            uint hash = 2166136261; // FNV-1a, the same in every run
            foreach (char c in words.Current) hash = (hash ^ char.ToLowerInvariant(c)) * 16777619;
            hashes.Add((int)((hash ^ (hash >> 15)) % CheckLimits.BaselineBuckets));
        }

        return [.. hashes];
    }
}

using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>
/// From the outputs of a window to its best answers: probabilities of first and last tokens are taken over the context and the window's
/// first token, which stands for "no answer"; an answer's score is the product of its two (Devlin et al. 2019, section 4.2 and 4.3).
/// </summary>
internal sealed class AnswerSearch
{
    // What transformers puts in the place of the outputs of tokens that cannot begin or end an answer.
    private const double Excluded = -10000;

    private readonly AnswerOptions _options;
    private readonly string _context;
    private readonly List<Answer> _found = [];
    private double _noAnswer = double.PositiveInfinity;

    public AnswerSearch(AnswerOptions options, string context)
    {
        _options = options;
        _context = context;
    }

    /// <summary>Takes the best answers of a window.</summary>
    /// <param name="window">The question and a part of the context.</param>
    /// <param name="starts">Outputs for the first token of an answer, [tokens].</param>
    /// <param name="ends">Outputs for the last token of an answer, [tokens].</param>
    public void Add(Encoding window, ReadOnlySpan<float> starts, ReadOnlySpan<float> ends)
    {
        double[] first = Probabilities(window, starts), last = Probabilities(window, ends);
        _noAnswer = Math.Min(_noAnswer, first[0] * last[0]);
        first[0] = last[0] = 0;
        foreach ((int start, int end, double score) in Best(first, last))
        {
            if (!IsOfContext(window, start) || !IsOfContext(window, end)) continue;
            (int from, int to) = Stretch(window, start, end);
            _found.Add(new Answer(score, from, to, _context[from..to]));
        }
    }

    /// <summary>The answers of all windows by falling score.</summary>
    public IReadOnlyList<Answer> Answers()
    {
        List<Answer> answers = [.. _found.OrderByDescending(answer => answer.Score)];
        if (_options.MergeEqual) answers = Merged(answers);
        if (_options.HandleImpossible) answers.Add(new Answer(_noAnswer, 0, 0, ""));
        return [.. answers.OrderByDescending(answer => answer.Score).Take(_options.Count)];
    }

    private static List<Answer> Merged(List<Answer> answers)
    {
        var merged = new List<Answer>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (Answer answer in answers)
        {
            string key = answer.Text.ToLowerInvariant();
            if (places.TryAdd(key, merged.Count)) merged.Add(answer);
            else merged[places[key]] = merged[places[key]] with { Score = merged[places[key]].Score + answer.Score };
        }

        return merged;
    }

    private static double[] Probabilities(Encoding window, ReadOnlySpan<float> outputs)
    {
        var values = new double[outputs.Length];
        double largest = double.NegativeInfinity, sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = i == 0 || IsOfContext(window, i) ? outputs[i] : Excluded;
            largest = Math.Max(largest, values[i]);
        }

        for (int i = 0; i < values.Length; i++) sum += values[i] = Math.Exp(values[i] - largest);
        for (int i = 0; i < values.Length; i++) values[i] /= sum;
        return values;
    }

    private static bool IsOfContext(Encoding window, int token) => window.SequenceIds[token] == 1;

    private IEnumerable<(int Start, int End, double Score)> Best(double[] first, double[] last)
    {
        var best = new PriorityQueue<(int Start, int End), double>(); // The least of those kept comes first.
        for (int start = 0; start < first.Length; start++)
        {
            int stop = Math.Min(last.Length, start + _options.MaxAnswerLength);
            for (int end = start; end < stop; end++)
            {
                double score = first[start] * last[end];
                if (best.Count < _options.Count) best.Enqueue((start, end), score);
                else if (best.TryPeek(out _, out double least) && score > least) best.EnqueueDequeue((start, end), score);
            }
        }

        return best.UnorderedItems.Select(item => (item.Element.Start, item.Element.End, item.Priority))
            .OrderByDescending(item => item.Priority).ThenBy(item => item.Start).ThenBy(item => item.End);
    }

    private (int Start, int End) Stretch(Encoding window, int start, int end)
    {
        if (_options.AlignToWords && window.TokenToWord(start) is { } firstWord && window.TokenToWord(end) is { } lastWord
            && window.WordToChars(firstWord.Word, 1) is { } first && window.WordToChars(lastWord.Word, 1) is { } last)
        {
            return (first.Start, last.End);
        }

        return (window.Offsets[start].Start, window.Offsets[end].End);
    }
}

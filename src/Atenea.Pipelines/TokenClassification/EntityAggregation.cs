using Atenea.Models;
using Atenea.Tokenizers;

namespace Atenea.Pipelines;

/// <summary>From the probabilities of tokens to entities, step by step as transformers' token classification pipeline goes.</summary>
internal sealed class EntityAggregation
{
    private const string Begin = "B-";
    private const string Inside = "I-";

    private readonly IReadOnlyList<string> _labels;
    private readonly Tokenizer _tokenizer;
    private readonly AggregationStrategy _strategy;

    public EntityAggregation(IReadOnlyList<string> labels, Tokenizer tokenizer, AggregationStrategy strategy)
    {
        _labels = labels;
        _tokenizer = tokenizer;
        _strategy = strategy;
    }

    /// <summary>The entities of one window's tokens, in order.</summary>
    public IReadOnlyList<TokenEntity> Aggregate(IReadOnlyList<ScoredToken> tokens) => _strategy switch
    {
        AggregationStrategy.None => [.. tokens.Select(Single)],
        AggregationStrategy.Simple => Group([.. tokens.Select(Single)]),
        _ => Group(Words(tokens)),
    };

    /// <summary>Of answers from overlapping windows that begin within one another, the longest and then the most certain stays.</summary>
    public static IReadOnlyList<TokenEntity> WithoutOverlaps(IReadOnlyList<TokenEntity> entities)
    {
        if (entities.Count == 0) return entities;
        TokenEntity[] ordered = [.. entities.OrderBy(entity => entity.Start)];
        var kept = new List<TokenEntity>();
        TokenEntity current = ordered[0];
        foreach (TokenEntity entity in ordered.AsSpan(1))
        {
            if (entity.Start < current.End)
            {
                int longer = (entity.End - entity.Start).CompareTo(current.End - current.Start);
                if (longer > 0 || (longer == 0 && entity.Score > current.Score)) current = entity;
                continue;
            }

            kept.Add(current);
            current = entity;
        }

        kept.Add(current);
        return kept;
    }

    private TokenEntity Single(ScoredToken token)
    {
        int best = LogitScores.ArgMax<double>(token.Scores);
        return new TokenEntity(_labels[best], token.Scores[best], token.Word, token.Start, token.End, token.Index);
    }

    private List<TokenEntity> Words(IReadOnlyList<ScoredToken> tokens)
    {
        var words = new List<TokenEntity>();
        for (int first = 0, end; first < tokens.Count; first = end)
        {
            end = first + 1;
            while (end < tokens.Count && tokens[end].ContinuesWord) end++;
            words.Add(Word([.. tokens.Skip(first).Take(end - first)]));
        }

        return words;
    }

    private TokenEntity Word(ScoredToken[] tokens)
    {
        double[] scores = _strategy switch
        {
            AggregationStrategy.First => tokens[0].Scores,
            AggregationStrategy.Max => tokens.MaxBy(token => token.Scores.Max())!.Scores,
            _ => [.. Enumerable.Range(0, _labels.Count).Select(label => tokens.Average(token => token.Scores[label]))],
        };
        int best = LogitScores.ArgMax<double>(scores);
        string word = _tokenizer.DecodeTokens([.. tokens.Select(token => token.Word)]);
        return new TokenEntity(_labels[best], scores[best], word, tokens[0].Start, tokens[^1].End);
    }

    private List<TokenEntity> Group(List<TokenEntity> entities)
    {
        var groups = new List<TokenEntity>();
        for (int first = 0, end; first < entities.Count; first = end)
        {
            end = first + 1;
            while (end < entities.Count && Continues(entities[end - 1], entities[end])) end++;
            TokenEntity[] members = [.. entities.Skip(first).Take(end - first)];
            string label = members[0].Label, text = _tokenizer.DecodeTokens([.. members.Select(member => member.Word)]);
            string type = label[(label.IndexOf('-', StringComparison.Ordinal) + 1)..];
            groups.Add(new TokenEntity(type, members.Average(member => member.Score), text, members[0].Start, members[^1].End));
        }

        return groups;
    }

    // A label without a prefix goes on with one of its own kind.
    private static bool Continues(TokenEntity before, TokenEntity entity) =>
        !entity.Label.StartsWith(Begin, StringComparison.Ordinal) && TypeOf(before.Label) == TypeOf(entity.Label);

    private static string TypeOf(string label) =>
        label.StartsWith(Begin, StringComparison.Ordinal) || label.StartsWith(Inside, StringComparison.Ordinal)
            ? label[Begin.Length..]
            : label;
}

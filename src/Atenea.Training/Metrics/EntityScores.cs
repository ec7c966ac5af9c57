using Atenea.Data;

namespace Atenea.Training;

/// <summary>
/// Scores of tagged sequences by the entities that they mark, equal to those of seqeval in its default mode: entities are found as the
/// CoNLL evaluation script finds them, and one is right if its type and both ends are.
/// </summary>
public sealed class EntityScores
{
    private readonly Counts _counts;

    /// <summary>Counts once; every score is computed from the counts.</summary>
    /// <param name="truth">The tags of each sequence.</param>
    /// <param name="predicted">The predicted tags of the same tokens.</param>
    /// <exception cref="ArgumentException">Sequences of different lengths.</exception>
    public EntityScores(IReadOnlyList<IReadOnlyList<string>> truth, IReadOnlyList<IReadOnlyList<string>> predicted)
    {
        if (truth.Count != predicted.Count || truth.Zip(predicted).Any(pair => pair.First.Count != pair.Second.Count))
            throw new ArgumentException("as many predictions as truths", nameof(predicted));
        string[] wantedTags = Join(truth), foundTags = Join(predicted);
        IReadOnlyList<EntitySpan> wanted = Entities(wantedTags), found = Entities(foundTags);
        Dictionary<string, long> actual = CountByType(wanted), guessed = CountByType(found), right = CountByType(wanted.Intersect(found));
        long tokens = truth.Sum(tags => (long)tags.Count), between = truth.Count;
        Types = LabelSet.InOrder(actual.Keys.Union(guessed.Keys));
        long[] Of(Dictionary<string, long> counts) => [.. Types.Select(type => counts.GetValueOrDefault(type))];
        _counts = new Counts(Of(right), Of(guessed), Of(actual));
        Accuracy = (double)(wantedTags.Zip(foundTags).LongCount(pair => pair.First == pair.Second) - between) / tokens;
    }

    /// <summary>The types of entities in either, in the order of their code points.</summary>
    public IReadOnlyList<string> Types { get; }

    /// <summary>Scores of each of <see cref="Types"/>.</summary>
    public ClassScores[] PerType(double zeroDivision = 0) => [.. _counts.PerClass(zeroDivision).Select(Harmonic)];

    /// <summary>Scores of all entities together.</summary>
    public ClassScores Micro(double zeroDivision = 0) => Harmonic(_counts.Micro(zeroDivision));

    /// <summary>Plain mean over types.</summary>
    public ClassScores Macro(double zeroDivision = 0) => Counts.Average(PerType(zeroDivision), _ => 1);

    /// <summary>Mean over types weighted by their support.</summary>
    public ClassScores Weighted(double zeroDivision = 0) =>
        Types.Count == 0 ? Micro(zeroDivision) : Counts.Average(PerType(zeroDivision), type => _counts.Actual[type]);

    /// <summary>Share of tokens with the right tag.</summary>
    public double Accuracy { get; }

    /// <summary>
    /// The entities of a sequence. A tag is a letter and what follows the first hyphen, its type; the letters beyond B, I, E, S and O mark
    /// entities too, but neither begin nor end one.
    /// </summary>
    public static IReadOnlyList<EntitySpan> Entities(IReadOnlyList<string> tags)
    {
        var entities = new List<EntitySpan>();
        (char before, string type) = ('O', "");
        int start = 0;
        for (int i = 0; i <= tags.Count; i++)
        {
            (char letter, string next) = i < tags.Count ? Split(tags[i]) : ('O', "_");
            if (Ends(before, letter, type, next)) entities.Add(new EntitySpan(type, start, i));
            if (Starts(before, letter, type, next)) start = i;
            (before, type) = (letter, next);
        }

        return entities;
    }

    private static (char Letter, string Type) Split(string tag)
    {
        int hyphen = tag.IndexOf('-', 1);
        string type = hyphen < 0 ? tag[1..] : tag[(hyphen + 1)..];
        return (tag[0], type.Length == 0 ? "_" : type);
    }

    private static bool Ends(char before, char letter, string type, string next) => before switch
    {
        'E' or 'S' => true,
        'B' or 'I' when letter is 'B' or 'S' or 'O' => true,
        'O' or '.' => false,
        _ => type != next,
    };

    private static bool Starts(char before, char letter, string type, string next) => letter switch
    {
        'B' or 'S' => true,
        'E' or 'I' when before is 'E' or 'S' or 'O' => true,
        'O' or '.' => false,
        _ => type != next,
    };

    /// <summary>All sequences in one, with a tag outside of every entity behind each.</summary>
    internal static string[] Join(IReadOnlyList<IReadOnlyList<string>> sequences) =>
        [.. sequences.SelectMany(tags => tags.Append(TagSequences.Outside))];

    /// <summary>F1 as the reference rounds it: from the quotients, not from the counts.</summary>
    private static ClassScores Harmonic(ClassScores scores)
    {
        double sum = scores.Precision + scores.Recall;
        return scores with { F1 = 2 * scores.Precision * scores.Recall / (sum == 0 ? 1 : sum) };
    }

    private static Dictionary<string, long> CountByType(IEnumerable<EntitySpan> entities) =>
        entities.CountBy(entity => entity.Type, StringComparer.Ordinal)
            .ToDictionary(count => count.Key, count => (long)count.Value, StringComparer.Ordinal);
}

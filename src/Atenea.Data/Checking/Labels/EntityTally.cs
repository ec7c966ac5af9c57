using Atenea.Errors;

namespace Atenea.Data;

/// <summary>Counts the entities of tagged sentences by type; tags of no such scheme are counted as they are.</summary>
internal sealed class EntityTally
{
    private readonly Places _different = new();
    private bool _anyTag;

    /// <summary>Entities by type, or tokens by tag.</summary>
    public LabelTally Types { get; } = new();

    /// <summary>Tagged tokens.</summary>
    public long Tokens { get; private set; }

    /// <summary>Looks at a sentence.</summary>
    public void Add(string[] tokens, string[] tags, long line)
    {
        if (tokens.Length != tags.Length) _different.Add(line);
        Tokens += tokens.Length;
        bool plain = tags.Any(t => t != TagSequences.Outside && TagSequences.Parts(t).Prefix == 'O');
        foreach (string tag in tags) _anyTag |= tag != TagSequences.Outside;
        if (plain)
        {
            foreach (string tag in tags) Types.Add(tag, line);
        }
        else
        {
            foreach (EntitySpan entity in TagSequences.Entities(tags)) Types.Add(entity.Type, line);
        }
    }

    /// <summary>What was found.</summary>
    public IEnumerable<CheckFinding> Findings()
    {
        if (_different.Count > 0)
        {
            yield return _different.ToFinding(Catalogue.TagCountDiffers, FindingSeverity.Error,
                $"{Numbers.Count(_different.Count)} rows have more or fewer tags than tokens");
        }

        if (!_anyTag && Tokens > 0)
        {
            yield return CheckFinding.Whole(Catalogue.NoEntities, FindingSeverity.Error,
                $"all {Numbers.Count(Tokens)} tokens have the tag {TagSequences.Outside}");
        }
    }
}

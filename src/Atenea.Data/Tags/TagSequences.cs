namespace Atenea.Data;

/// <summary>Reads and writes the tags of a sentence: entities from tags of any scheme, tags of a scheme from entities.</summary>
public static class TagSequences
{
    /// <summary>The tag of a token that belongs to no entity.</summary>
    public const string Outside = "O";

    /// <summary>
    /// The entities that tags mark, taken as the CoNLL evaluation script takes them: B-, S- and U- start an entity; so does an inside or
    /// end tag that does not continue one of its type; S-, U-, E- and L- end theirs.
    /// </summary>
    public static IReadOnlyList<EntitySpan> Entities(IReadOnlyList<string> tags)
    {
        var entities = new List<EntitySpan>();
        string? open = null;
        int start = 0;
        for (int i = 0; i <= tags.Count; i++)
        {
            (char prefix, string type) = i < tags.Count ? Parts(tags[i]) : ('O', "");
            bool starts = prefix is 'B' or 'S' or 'U' || open != type;
            if (open is not null && (prefix == 'O' || starts))
            {
                entities.Add(new EntitySpan(open, start, i));
                open = null;
            }

            if (prefix == 'O') continue;
            if (open is null)
            {
                open = type;
                start = i;
            }

            if (prefix is 'S' or 'U' or 'E' or 'L')
            {
                entities.Add(new EntitySpan(open, start, i + 1));
                open = null;
            }
        }

        return entities;
    }

    /// <summary>The tags of a scheme that mark entities.</summary>
    /// <param name="entities">The entities, which do not overlap, in their order.</param>
    /// <param name="count">Number of tokens.</param>
    /// <param name="scheme">The scheme.</param>
    public static string[] Tags(IReadOnlyList<EntitySpan> entities, int count, TagScheme scheme)
    {
        string[] tags = [.. Enumerable.Repeat(Outside, count)];
        EntitySpan? before = null;
        foreach (EntitySpan entity in entities)
        {
            for (int i = entity.Start; i < entity.End; i++)
            {
                bool follows = before?.End == entity.Start && before.Type == entity.Type;
                tags[i] = $"{Prefix(scheme, i == entity.Start, i == entity.End - 1, follows)}-{entity.Type}";
            }

            before = entity;
        }

        return tags;
    }

    /// <summary>Rewrites tags in another scheme; the entities stay the same.</summary>
    public static string[] Convert(IReadOnlyList<string> tags, TagScheme scheme) => Tags(Entities(tags), tags.Count, scheme);

    /// <summary>
    /// The scheme that tags follow, as far as they show: end and single tags tell IOBES and BILOU; how entities start tells IOB1 from IOB2.
    /// </summary>
    public static TagScheme Recognise(IEnumerable<string> tags)
    {
        int insideStarts = 0, begins = 0;
        (char Prefix, string Type) before = ('O', "");
        foreach (string tag in tags)
        {
            (char prefix, string type) = Parts(tag);
            if (prefix is 'S' or 'E') return TagScheme.Iobes;
            if (prefix is 'L' or 'U') return TagScheme.Bilou;
            bool follows = before.Prefix != 'O' && before.Type == type;
            if (prefix == 'I' && !follows) insideStarts++;
            if (prefix == 'B' && !follows) begins++;
            before = (prefix, type);
        }

        return insideStarts > begins ? TagScheme.Iob1 : TagScheme.Iob2;
    }

    /// <summary>Prefix and type of a tag; a bare prefix has the empty type, and what is no tag counts as outside.</summary>
    internal static (char Prefix, string Type) Parts(string tag)
    {
        if (tag.Length == 0 || tag == Outside || !IsPrefix(tag[0])) return ('O', "");
        return tag.Length == 1 ? (tag[0], "") : tag[1] == '-' ? (tag[0], tag[2..]) : ('O', "");
    }

    /// <summary>Whether a letter is a prefix of one of the schemes, other than O.</summary>
    internal static bool IsPrefix(char letter) => letter is 'B' or 'I' or 'E' or 'S' or 'L' or 'U';

    private static char Prefix(TagScheme scheme, bool first, bool last, bool touches) => scheme switch
    {
        TagScheme.Iob1 => first && touches ? 'B' : 'I',
        TagScheme.Iob2 => first ? 'B' : 'I',
        TagScheme.Iobes => first && last ? 'S' : first ? 'B' : last ? 'E' : 'I',
        _ => first && last ? 'U' : first ? 'B' : last ? 'L' : 'I',
    };
}

namespace Atenea.Tokenizers;

/// <summary>Simple case folding: which characters are the same when case does not count.</summary>
internal static class CaseFolding
{
    /// <summary>Characters that fold to another although they are lower case themselves (long s, final sigma, Greek symbols).</summary>
    private static readonly Dictionary<int, int> Irregular = new()
    {
        [0x17F] = 's',
        [0xB5] = 0x3BC,
        [0x3C2] = 0x3C3,
        [0x3D0] = 0x3B2,
        [0x3D1] = 0x3B8,
        [0x3D5] = 0x3C6,
        [0x3D6] = 0x3C0,
        [0x3F0] = 0x3BA,
        [0x3F1] = 0x3C1,
        [0x3F5] = 0x3B5,
        [0x1E9B] = 0x1E61,
        [0x1FBE] = 0x3B9,
        [0x345] = 0x3B9,
    };

    private static readonly Dictionary<int, List<int>> Classes = Build();

    /// <summary>The other characters of a character's class.</summary>
    public static IEnumerable<int> Variants(int codePoint) => Classes.GetValueOrDefault(Fold(codePoint), []);

    private static int Fold(int codePoint)
    {
        if (Irregular.TryGetValue(codePoint, out int folded)) return folded;

        return UnicodeTables.Lowercase.TryGetValue(codePoint, out int[]? lower) && lower.Length == 1 ? lower[0] : codePoint;
    }

    private static Dictionary<int, List<int>> Build()
    {
        var classes = new Dictionary<int, List<int>>();
        foreach (int c in UnicodeTables.Lowercase.Keys.Concat(Irregular.Keys))
        {
            int folded = Fold(c);
            if (folded != c)
            {
                if (!classes.TryGetValue(folded, out List<int>? members))
                {
                    members = [folded];
                    classes.Add(folded, members);
                }

                members.Add(c);
            }
        }

        return classes;
    }
}

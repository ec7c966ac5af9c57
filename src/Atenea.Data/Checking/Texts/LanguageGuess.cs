using System.Collections.Frozen;

namespace Atenea.Data;

/// <summary>
/// Tells the language of a text roughly: by its script, and in Latin script by frequent small words. Short texts mostly stay untold.
/// </summary>
internal static class LanguageGuess
{
    private static readonly string[] Latin = ["English", "Spanish", "French", "German", "Italian", "Portuguese", "Dutch", "Catalan"];

    private static readonly string[] SmallWords =
    [
        "the and of to is was that it for with you this are have not be his her they my what but from all who will would there "
            + "been which their were i'm it's don't i a an as at do so no me on in or we he she "
            + "if am our can has had die also one just like get",
        "el la los las de que y en un una es no se por con para su lo como más pero sus le ya o este sí porque esta entre cuando muy "
            + "sin sobre también me hasta hay donde quien todo nos uno ni ese eso había del al son era está yo mi tengo juego",
        "le la les de des et est un une que qui dans pour pas sur avec ce il elle je ne plus au aux du par sont mais nous vous cette "
            + "son ses leur être c'est j'ai été fait très tout",
        "der die das und ist nicht ein eine zu den von mit sich auf für es im dem auch als wie bei aus noch nach nur wird ich du wir "
            + "sie aber oder hat wenn sind einen einer war sehr",
        "il lo la gli le di che e è un una per non con sono del della dei delle nel nella si ma anche come più questo questa mi ho ha "
            + "molto al alla da perché",
        "o a os as de que e do da dos das em um uma para com não no na se por mais como mas foi ao ele ela eu você são é muito já "
            + "também isso meu minha jogo está nos pelo pela",
        "de het een en van is dat die niet met voor op te zijn er aan maar om ook als dan naar nog bij ik je hij ze wij heeft wordt "
            + "werd heb wat deze dit",
        "el la els les de que en un una és no es per amb del al com més però va ha aquest aquesta són molt també dels seva seu això "
            + "hi tot jo què",
    ];

    private static readonly FrozenDictionary<string, int> Masks = BuildMasks();
    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        Masks.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The language or script of a text; null where it cannot be told.</summary>
    public static string? Of(ReadOnlySpan<char> text)
    {
        if (text.Length > CheckLimits.LanguageCharacters) text = text[..CheckLimits.LanguageCharacters];
        return Script(text) is { } script ? (script == "Latin" ? LatinLanguage(text) : script) : null;
    }

    private static string? Script(ReadOnlySpan<char> text)
    {
        const int fewestLetters = 8;
        int latin = 0, cyrillic = 0, greek = 0, arabic = 0, hebrew = 0, indic = 0, thai = 0, kana = 0, han = 0, hangul = 0;
        foreach (char c in text)
        {
            if (c < '\u0250') latin += char.IsLetter(c) ? 1 : 0;
            else if (c is >= '\u0370' and <= '\u03FF') greek++;
            else if (c is >= '\u0400' and <= '\u052F') cyrillic++;
            else if (c is >= '\u0590' and <= '\u05FF') hebrew++;
            else if (c is (>= '\u0600' and <= '\u077F') or (>= '\uFB50' and <= '\uFDFF') or (>= '\uFE70' and <= '\uFEFC')) arabic++;
            else if (c is >= '\u0900' and <= '\u0DFF') indic++;
            else if (c is >= '\u0E00' and <= '\u0E7F') thai++;
            else if (c is >= '\u3040' and <= '\u30FF') kana++;
            else if (c is (>= '\u3400' and <= '\u9FFF') or (>= '\uF900' and <= '\uFAFF')) han++;
            else if (c is >= '\uAC00' and <= '\uD7AF') hangul++;
        }

        int all = latin + cyrillic + greek + arabic + hebrew + indic + thai + kana + han + hangul;
        if (all < fewestLetters && kana + han + hangul == 0) return null;
        if (kana + han > all / 2) return kana > 0 ? "Japanese" : "Chinese";
        (string Name, int Count)[] scripts =
        [
            ("Latin", latin), ("Cyrillic script", cyrillic), ("Greek", greek), ("Arabic script", arabic),
            ("Hebrew", hebrew), ("Indic script", indic), ("Thai", thai), ("Korean", hangul),
        ];
        (string name, int count) = scripts.MaxBy(s => s.Count);
        return count > all / 2 ? name : null;
    }

    private static string? LatinLanguage(ReadOnlySpan<char> text)
    {
        Span<int> hits = stackalloc int[Latin.Length];
        hits.Clear();
        Span<char> lower = stackalloc char[16];
        var words = new Words(text);
        while (words.MoveNext())
        {
            if (words.Current.Length > lower.Length) continue;
            int length = words.Current.ToLowerInvariant(lower);
            if (!Lookup.TryGetValue(lower[..length], out int mask)) continue;
            for (int i = 0; i < hits.Length; i++) hits[i] += (mask >> i) & 1;
        }

        int best = 0, second = 0;
        for (int i = 1; i < hits.Length; i++)
        {
            if (hits[i] > hits[best]) best = i;
        }

        for (int i = 0; i < hits.Length; i++)
        {
            if (i != best) second = Math.Max(second, hits[i]);
        }
        // Related languages share words: the best must be clearly ahead.
        return hits[best] >= CheckLimits.LanguageHits && hits[best] * 2 >= second * 3 ? Latin[best] : null;
    }

    private static FrozenDictionary<string, int> BuildMasks()
    {
        var masks = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < SmallWords.Length; i++)
        {
            foreach (string word in SmallWords[i].Split(' ')) masks[word] = masks.GetValueOrDefault(word) | (1 << i);
        }

        return masks.ToFrozenDictionary(StringComparer.Ordinal);
    }
}

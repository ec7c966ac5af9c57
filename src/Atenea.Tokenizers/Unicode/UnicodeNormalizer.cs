namespace Atenea.Tokenizers;

/// <summary>The four Unicode normalization forms.</summary>
internal enum NormalForm
{
    /// <summary>Canonical decomposition.</summary>
    Decomposed,

    /// <summary>Canonical decomposition, then composition.</summary>
    Composed,

    /// <summary>Compatibility decomposition.</summary>
    CompatibilityDecomposed,

    /// <summary>Compatibility decomposition, then composition.</summary>
    CompatibilityComposed,
}

/// <summary>
/// NFD, NFC, NFKD and NFKC (Unicode Standard Annex 15) with alignments. The alignment rule is the reference library's: every output
/// character carries a change (0 replaces the next source character, 1 is inserted, -n also swallows n further ones) and takes its
/// place from the running source position, even where canonical ordering has moved it.
/// </summary>
internal ref struct UnicodeNormalizer
{
    private const int HangulBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TrailBase = 0x11A7;
    private const int VowelCount = 21;
    private const int TrailCount = 28;
    private const int HangulCount = 19 * VowelCount * TrailCount;

    private readonly NormalizedText _source;
    private readonly NormalizedText _target;
    private readonly bool _compatible;
    private readonly bool _compose;
    private readonly List<Item> _pending;
    private readonly List<Item> _blocked;
    private readonly int _start;
    private int _place;
    private Item _starter;
    private bool _hasStarter;
    private int _lastClass;

    private UnicodeNormalizer(NormalizedText source, int start, NormalizedText target, NormalForm form)
    {
        _source = source;
        _target = target;
        _start = start;
        _place = start;
        _compatible = form is NormalForm.CompatibilityComposed or NormalForm.CompatibilityDecomposed;
        _compose = form is NormalForm.Composed or NormalForm.CompatibilityComposed;
        _pending = [];
        _blocked = [];
        _lastClass = -1;
    }

    private readonly record struct Item(int CodePoint, int Change, int Class);

    /// <summary>Below this unit every character is its own normal form and joins with nothing before it.</summary>
    public static char FirstActive(NormalForm form) => form switch
    {
        NormalForm.Composed => '\u0300',
        NormalForm.Decomposed => '\u00C0',
        _ => '\u00A0',
    };

    /// <summary>Whether a text certainly is its own normal form.</summary>
    public static bool Leaves(ReadOnlySpan<char> text, NormalForm form) => !text.ContainsAnyInRange(FirstActive(form), '\uFFFF');

    /// <summary>Appends the normal form of [start, end) of <paramref name="source"/> to <paramref name="target"/>.</summary>
    public static void Apply(NormalizedText source, int start, int end, NormalizedText target, NormalForm form)
    {
        char active = FirstActive(form);
        int at = start;
        while (at < end)
        {
            ReadOnlySpan<char> units = source.Units;
            int next = units[at..end].IndexOfAnyInRange(active, '\uFFFF');
            if (next < 0)
            {
                target.AppendRange(source, at, end);
                return;
            }

            // The character before an active one may be its base, so it goes through the full rules.
            int stop = Math.Max(at, at + next - 1);
            target.AppendRange(source, at, stop);

            // The active stretch lasts until two inactive characters in a row.
            int last = stop;
            while (last < end && (units[last] >= active || (last + 1 < end && units[last + 1] >= active)))
            {
                last++;
            }

            var normalizer = new UnicodeNormalizer(source, stop, target, form);
            normalizer.Run(stop, last);
            at = last;
        }
    }

    private void Run(int start, int end)
    {
        ReadOnlySpan<char> units = _source.Units;
        for (int i = start; i < end;)
        {
            int codePoint = CodePoint.At(units[..end], i, out int length);
            Decompose(codePoint);
            i += length;
        }

        FlushPending();
        FlushComposition();
    }

    private void Decompose(int codePoint)
    {
        int hangul = codePoint - HangulBase;
        if ((uint)hangul < HangulCount)
        {
            Push(LeadBase + hangul / (VowelCount * TrailCount), 0);
            Push(VowelBase + hangul % (VowelCount * TrailCount) / TrailCount, 1);
            if (hangul % TrailCount != 0)
            {
                Push(TrailBase + hangul % TrailCount, 1);
            }

            return;
        }

        if ((_compatible && UnicodeTables.Compatible.TryGetValue(codePoint, out int[]? parts))
            || UnicodeTables.Canonical.TryGetValue(codePoint, out parts))
        {
            for (int i = 0; i < parts.Length; i++)
            {
                Push(parts[i], i == 0 ? 0 : 1);
            }

            return;
        }

        Push(codePoint, 0);
    }

    private void Push(int codePoint, int change)
    {
        int combining = UnicodeTables.CombiningClass(codePoint);
        if (combining == 0)
        {
            FlushPending();
            Deliver(new Item(codePoint, change, 0));
            return;
        }

        // Insertion keeps the order among equal classes.
        int at = _pending.Count;
        while (at > 0 && _pending[at - 1].Class > combining)
        {
            at--;
        }

        _pending.Insert(at, new Item(codePoint, change, combining));
    }

    private void FlushPending()
    {
        foreach (Item item in _pending)
        {
            Deliver(item);
        }

        _pending.Clear();
    }

    private void Deliver(Item item)
    {
        if (_compose)
        {
            Compose(item);
        }
        else
        {
            Emit(item);
        }
    }

    private void Compose(Item item)
    {
        if (!_hasStarter)
        {
            if (item.Class != 0)
            {
                Emit(item);
                return;
            }

            _starter = item;
            _hasStarter = true;
            return;
        }

        bool blocked = _lastClass >= 0 && _lastClass >= item.Class;
        if (!blocked && Join(_starter.CodePoint, item.CodePoint) is int joined)
        {
            _starter = new Item(joined, _starter.Change + item.Change - 1, 0);
            return;
        }

        if (item.Class == 0)
        {
            FlushComposition();
            _starter = item;
            _hasStarter = true;
            return;
        }

        _blocked.Add(item);
        _lastClass = item.Class;
    }

    private void FlushComposition()
    {
        if (!_hasStarter) return;

        Emit(_starter);
        foreach (Item item in _blocked)
        {
            Emit(item);
        }

        _blocked.Clear();
        _hasStarter = false;
        _lastClass = -1;
    }

    private static int? Join(int first, int second)
    {
        int lead = first - LeadBase;
        int vowel = second - VowelBase;
        if ((uint)lead < 19 && (uint)vowel < VowelCount) return HangulBase + (lead * VowelCount + vowel) * TrailCount;

        int syllable = first - HangulBase;
        int trail = second - TrailBase;
        if ((uint)syllable < HangulCount && syllable % TrailCount == 0 && trail > 0 && trail < TrailCount) return first + trail;

        return UnicodeTables.Composition.TryGetValue((long)first << 32 | (uint)second, out int joined) ? joined : null;
    }

    private void Emit(Item item)
    {
        ReadOnlySpan<char> units = _source.Units;
        if (item.Change > 0)
        {
            _target.AppendAs(item.CodePoint, _source, _place > _start ? _place - 1 : _place);
            return;
        }

        _target.AppendAs(item.CodePoint, _source, Math.Min(_place, units.Length - 1));
        for (int i = item.Change; i <= 0 && _place < units.Length; i++)
        {
            _ = CodePoint.At(units, _place, out int length);
            _place += length;
        }
    }
}

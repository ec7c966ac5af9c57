namespace Atenea.Tokenizers;

/// <summary>NFC, NFD, NFKC or NFKD.</summary>
internal sealed class UnicodeFormNormalizer(NormalForm form) : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => UnicodeNormalizer.Leaves(text, form);

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target) =>
        UnicodeNormalizer.Apply(source, start, end, target, form);
}

/// <summary>Lower-casing character by character, without regard to context.</summary>
internal sealed class LowercaseNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> units = source.Units[..end];
        for (int i = start; i < end;)
        {
            if (units[i] < 128)
            {
                char unit = units[i];
                target.AppendAs(char.IsAsciiLetterUpper(unit) ? unit | 0x20 : unit, source, i);
                i++;
                continue;
            }

            int codePoint = CodePoint.At(units, i, out int length);
            if (UnicodeTables.Lowercase.TryGetValue(codePoint, out int[]? lower))
            {
                foreach (int c in lower)
                {
                    target.AppendAs(c, source, i);
                }
            }
            else
            {
                target.AppendAs(codePoint, source, i);
            }

            i += length;
        }
    }
}

/// <summary>Deletes the characters of a set; StripAccents is the set of all marks.</summary>
internal sealed class RemoveNormalizer(CodePointSet removed) : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('\0', '\u02FF');

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> units = source.Units[..end];
        for (int i = start; i < end;)
        {
            int codePoint = CodePoint.At(units, i, out int length);
            if (!removed.Contains(codePoint))
            {
                target.AppendRange(source, i, i + length);
            }

            i += length;
        }
    }
}

/// <summary>Cuts white space off one or both ends.</summary>
internal sealed class StripNormalizer(bool left, bool right) : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => text.IsEmpty
        || !((left && UnicodeTables.WhiteSpace.Contains(text[0])) || (right && UnicodeTables.WhiteSpace.Contains(text[^1])));

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> units = source.Units;
        bool atStart = left && !(source.Continues && start == 0);
        while (atStart && start < end && UnicodeTables.WhiteSpace.Contains(units[start]))
        {
            start++;
        }

        while (right && start < end && UnicodeTables.WhiteSpace.Contains(units[end - 1]))
        {
            end--;
        }

        target.AppendRange(source, start, end);
    }
}

/// <summary>Puts a text before a non-empty one; it stands for the first character.</summary>
internal sealed class PrependNormalizer(string prefix) : Normalizer
{
    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) => true;

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => text.IsEmpty;

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        if (start == end) return;

        if (!source.Continues || start > 0)
        {
            foreach (System.Text.Rune rune in prefix.EnumerateRunes())
            {
                target.AppendAs(rune.Value, source, start);
            }
        }

        target.AppendRange(source, start, end);
    }
}

using System.Text;

namespace Atenea.Tokenizers;

/// <summary>
/// GPT-2's byte level (Radford et al. 2019): words cut by a regular expression unless another step has cut them, then every byte of
/// the UTF-8 form written as a printable letter.
/// </summary>
internal sealed class ByteLevelPreTokenizer(bool addPrefixSpace, bool useRegex) : PreTokenizer
{
    private readonly PrefixSpaceNormalizer _space = new();
    private readonly Gpt2PreTokenizer _words = new();
    private readonly ByteLevelNormalizer _bytes = new();

    /// <inheritdoc/>
    public override CutEffect AtCut(ref char space) => useRegex ? SplitsAt(space) : CutEffect.Spoils;

    /// <inheritdoc/>
    public override void Run(Workspace workspace)
    {
        if (addPrefixSpace) _space.Run(workspace);
        if (useRegex) _words.Run(workspace);
        _bytes.Run(workspace);
    }
}

/// <summary>Puts a space before a text that does not begin with one; it stands for the first character.</summary>
internal sealed class PrefixSpaceNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text) => text[0] == ' ';

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        if (source.Units[start] != ' ') target.AppendAs(' ', source, start);
        target.AppendRange(source, start, end);
    }
}

/// <summary>Writes every byte of the UTF-8 form as a letter of the <see cref="ByteAlphabet"/>.</summary>
internal sealed class ByteLevelNormalizer : Normalizer
{
    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> units = source.Units[start..end];
        Span<byte> bytes = stackalloc byte[4];
        int i = 0;
        while (i < units.Length)
        {
            int ascii = units[i..].IndexOfAnyExceptInRange('\0', '\x7F');
            ascii = ascii < 0 ? units.Length - i : ascii;
            Span<char> written = target.AppendParallel(source, start + i, ascii);
            for (int k = 0; k < written.Length; k++)
            {
                written[k] = ByteAlphabet.UnitOf(units[i + k]);
            }

            i += ascii;
            if (i < units.Length)
            {
                _ = Rune.DecodeFromUtf16(units[i..], out Rune rune, out int length);
                int count = rune.EncodeToUtf8(bytes);
                for (int k = 0; k < count; k++)
                {
                    target.AppendAs(ByteAlphabet.UnitOf(bytes[k]), source, start + i);
                }

                i += length;
            }
        }
    }
}

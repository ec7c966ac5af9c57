using System.Globalization;
using System.Text;

namespace Atenea.Tokenizers;

/// <summary>
/// SentencePiece's normalisation by a precompiled map, as the reference library runs it: a whole grapheme cluster if it is shorter than
/// 6 bytes, else (and where the map lacks it) character by character. Its alignment rule is kept too: replaced characters consume source
/// characters in order, and what a cluster drops at the very beginning is never accounted for.
/// </summary>
internal sealed class PrecompiledNormalizer : Normalizer
{
    private const int LongestCluster = 5;

    private readonly CharacterMap _map;
    private readonly bool[] _plain = new bool[128];

    /// <summary>Creates the normalizer.</summary>
    public PrecompiledNormalizer(CharacterMap map)
    {
        _map = map;
        for (int c = 0; c < 128; c++)
        {
            _plain[c] = c is not ('\r' or '\n') && map.Find([(byte)c]) < 0;
        }
    }

    /// <inheritdoc/>
    public override bool KeepsCuts(ref char space) =>
        space == ' ' && Leaves(" 0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <inheritdoc/>
    public override bool Leaves(ReadOnlySpan<char> text)
    {
        foreach (char unit in text)
        {
            if (unit >= 128 || !_plain[unit]) return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override void Apply(NormalizedText source, int start, int end, NormalizedText target)
    {
        ReadOnlySpan<char> text = source.Units[..end];
        var writer = new Writer(source, start, target);
        Span<byte> bytes = stackalloc byte[4 * LongestCluster];
        int i = start;
        while (i < end)
        {
            int run = i;
            while (i < end && text[i] < 128 && _plain[text[i]] && (i + 1 == end || text[i + 1] < 128))
            {
                i++;
            }

            writer.Copy(run, i);
            if (i == end) break;

            int cluster = StringInfo.GetNextTextElementLength(text[i..]);
            if (cluster <= LongestCluster)
            {
                int count = System.Text.Encoding.UTF8.GetBytes(text.Slice(i, cluster), bytes);
                if (count <= LongestCluster && _map.Find(bytes[..count]) is >= 0 and int place)
                {
                    writer.Replace(CodePoint.Count(text.Slice(i, cluster)), _map.ReplacementAt(place));
                    i += cluster;
                    continue;
                }
            }

            int stop = i + cluster;
            while (i < stop)
            {
                int codePoint = CodePoint.At(text, i, out int length);
                int count = new Rune(codePoint).EncodeToUtf8(bytes);
                if (_map.Find(bytes[..count]) is >= 0 and int place)
                {
                    writer.Replace(1, _map.ReplacementAt(place));
                }
                else
                {
                    writer.Put(codePoint, change: 0);
                }

                i += length;
            }
        }

        target.Lags |= end == source.Length && writer.Place != end;
    }

    /// <summary>
    /// Writes characters with their changes: 0 replaces the next source character, 1 is inserted, -n also swallows n more.
    /// </summary>
    private ref struct Writer(NormalizedText source, int start, NormalizedText target)
    {
        private readonly int _from = target.Length;
        private readonly int _start = start;
        private int _place = start;
        private int _lastChange;

        /// <summary>How far the source is accounted for.</summary>
        public readonly int Place => _place;

        public void Copy(int from, int to)
        {
            if (from == to) return;

            if (_place == from)
            {
                target.AppendRange(source, from, to);
                _place = to;
                _lastChange = 0;
                return;
            }

            for (int i = from; i < to; i++)
            {
                Put(source.Units[i], change: 0);
            }
        }

        public void Put(int codePoint, int change)
        {
            bool inserted = change > 0;
            target.AppendAs(codePoint, source, inserted ? Math.Max(_start, _place - 1) : Math.Min(_place, source.Length - 1));
            _lastChange = change;
            if (!inserted)
            {
                Consume(1 - change);
            }
        }

        public void Replace(int oldCount, ReadOnlySpan<byte> replacement)
        {
            int newCount = 0;
            for (ReadOnlySpan<byte> rest = replacement; !rest.IsEmpty;)
            {
                _ = Rune.DecodeFromUtf8(rest, out _, out int length);
                rest = rest[length..];
                newCount++;
            }

            if (newCount == 0)
            {
                // The characters dropped are charged to the one written before them, if there is one.
                if (target.Length > _from)
                {
                    if (_lastChange > 0)
                    {
                        target.RealignLast(source, Math.Min(_place, source.Length - 1));
                        _lastChange = 0;
                    }

                    Consume(oldCount);
                }

                return;
            }

            for (int i = 0; i < newCount; i++)
            {
                _ = Rune.DecodeFromUtf8(replacement, out Rune rune, out int length);
                replacement = replacement[length..];
                int change = i >= oldCount ? 1 : i == newCount - 1 && newCount < oldCount ? newCount - oldCount : 0;
                Put(rune.Value, change);
            }
        }

        private void Consume(int count)
        {
            for (; count > 0 && _place < source.Length; count--)
            {
                _ = CodePoint.At(source.Units, _place, out int length);
                _place += length;
            }
        }
    }
}

using System.Text;
using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Tokenizers;

/// <summary>What distinguishes one BPE model from another besides vocabulary and merges.</summary>
internal sealed record BpeSettings
{
    /// <summary>The unknown token, or null.</summary>
    public string? UnknownToken { get; init; }

    /// <summary>What marks a character that goes on with a word; null or empty for nothing.</summary>
    public string? ContinuingPrefix { get; init; }

    /// <summary>What marks a character that ends a word; null or empty for nothing.</summary>
    public string? EndOfWordSuffix { get; init; }

    /// <summary>Whether neighbouring unknown characters become one unknown token.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Whether unknown characters are written in byte pieces.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>Whether a word that is in the vocabulary is taken whole, whatever the merges say.</summary>
    public bool IgnoreMerges { get; init; }
}

/// <summary>
/// Byte-pair encoding (Sennrich et al. 2016): a word's characters are merged pair by pair, lowest rank first, leftmost first among equals.
/// Short words scan their pairs; long ones keep them in a heap, so that time grows as n log n.
/// </summary>
internal sealed class BpeModel : TokenModel
{
    /// <summary>Up to this many symbols scanning all pairs beats keeping a heap.</summary>
    private const int ShortWord = 32;

    private readonly BpeSettings _settings;
    private readonly (int Left, int Right)[] _pairs;
    private readonly MergeTable _merges;
    private readonly int? _unknownId;
    private readonly int[]? _bytes;
    private readonly int[]? _single;
    private readonly string _prefix;
    private readonly string _suffix;

    /// <summary>Creates the model.</summary>
    /// <param name="vocabulary">Tokens.</param>
    /// <param name="merges">Pairs of tokens in order of rank.</param>
    /// <param name="settings">Settings.</param>
    /// <param name="where">The file, for errors.</param>
    public BpeModel(Vocabulary vocabulary, IReadOnlyList<(string Left, string Right)> merges, BpeSettings settings, string where)
        : base(vocabulary)
    {
        _settings = settings;
        _prefix = settings.ContinuingPrefix ?? "";
        _suffix = settings.EndOfWordSuffix ?? "";
        _pairs = new (int, int)[merges.Count];
        _merges = new MergeTable(merges.Count);
        Span<char> joined = stackalloc char[512];
        for (int rank = 0; rank < merges.Count; rank++)
        {
            (string left, string right) = merges[rank];
            int leftId = Id(left, rank);
            int rightId = Id(right, rank);
            ReadOnlySpan<char> rest = right.AsSpan(Math.Min(_prefix.Length, right.Length));
            int length = left.Length + rest.Length;
            Span<char> result = length <= joined.Length ? joined[..length] : new char[length];
            left.CopyTo(result);
            rest.CopyTo(result[left.Length..]);
            int resultId = vocabulary.IdOf(result);
            if (resultId < 0)
            {
                throw new AteneaException(
                    Catalogue.MergesInvalid, $"merge {rank + 1} ('{left}' '{right}') makes '{result}', which the vocabulary lacks", where);
            }

            _pairs[rank] = (leftId, rightId);
            _merges.Add(leftId, rightId, rank, resultId);
        }

        _unknownId = settings.UnknownToken is { } unknown ? vocabulary.RequireUnknown(unknown, where) : null;
        _bytes = settings.ByteFallback ? ByteFallback.Ids(vocabulary) : null;
        _single = _prefix.Length == 0 && _suffix.Length == 0 ? SingleUnits(vocabulary) : null;

        int Id(string token, int rank) => vocabulary.IdOf(token) is >= 0 and int id
            ? id
            : throw new AteneaException(Catalogue.MergesInvalid, $"merge {rank + 1} names '{token}', which the vocabulary lacks", where);
    }

    /// <summary>The settings.</summary>
    public BpeSettings Settings => _settings;

    /// <inheritdoc/>
    public override string ContinuingPrefix => _prefix;

    /// <inheritdoc/>
    public override int? UnknownId => _unknownId;

    /// <inheritdoc/>
    public override bool KeepsCuts(char space)
    {
        // Merges reach across only through a token in which the space follows something else. A character that vanished would bring others
        // together.
        bool nothingVanishes = _unknownId is not null || (_bytes is not null && !_bytes.Contains(-1));
        bool plain = _single is not null && !_settings.IgnoreMerges && Vocabulary.IdOf([space]) >= 0;
        return nothingVanishes && plain && !Vocabulary.InOrder().Any(token => FollowsOther(token.Key));

        bool FollowsOther(string token)
        {
            for (int i = 1; i < token.Length; i++)
            {
                if (token[i] == space && token[i - 1] != space) return true;
            }

            return false;
        }
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "BPE");
        writer.WriteNull("dropout");
        writer.WriteString("unk_token", _settings.UnknownToken);
        writer.WriteString("continuing_subword_prefix", _settings.ContinuingPrefix);
        writer.WriteString("end_of_word_suffix", _settings.EndOfWordSuffix);
        writer.WriteBoolean("fuse_unk", _settings.FuseUnknown);
        writer.WriteBoolean("byte_fallback", _settings.ByteFallback);
        writer.WriteBoolean("ignore_merges", _settings.IgnoreMerges);
        Vocabulary.Write(writer);
        writer.WriteStartArray("merges");
        foreach ((int left, int right) in _pairs)
        {
            writer.WriteStartArray();
            writer.WriteStringValue(Vocabulary.TokenOf(left));
            writer.WriteStringValue(Vocabulary.TokenOf(right));
            writer.WriteEndArray();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <inheritdoc/>
    protected override void Tokenize(ReadOnlySpan<char> word, int origin, PieceBuffer pieces, ModelScratch scratch)
    {
        if (_settings.IgnoreMerges && Vocabulary.IdOf(word) is >= 0 and int whole)
        {
            pieces.Add(whole, origin, origin + word.Length);
            return;
        }

        // A character is at most one symbol, or one for each of its bytes.
        int room = _bytes is null ? word.Length : word.Length * 3;
        int[] ids = scratch.Ints(0, room);
        int[] starts = scratch.Ints(1, room);
        int[] ends = scratch.Ints(2, room);
        int count = Symbols(word, ids, starts, ends);
        count = count <= ShortWord
            ? MergeShort(ids, starts, ends, count)
            : new BpeLongMerge(_merges, scratch).Run(ids, starts, ends, count);
        for (int i = 0; i < count; i++)
        {
            pieces.Add(ids[i], origin + starts[i], origin + ends[i]);
        }
    }

    private int Symbols(ReadOnlySpan<char> word, int[] ids, int[] starts, int[] ends)
    {
        Span<byte> bytes = stackalloc byte[4];
        int count = 0;
        bool afterUnknown = false;
        for (int at = 0; at < word.Length;)
        {
            int codePoint = CodePoint.At(word, at, out int length);
            int end = at + length;
            int id = _single is not null && length == 1 ? _single[word[at]] : Decorated(word[at..end], at == 0, end == word.Length);
            if (id >= 0)
            {
                afterUnknown = false;
                ids[count] = id;
                starts[count] = at;
                ends[count++] = end;
            }
            else if (_bytes is not null && ByteFallback.Covers(_bytes, word[at..end]))
            {
                foreach (byte value in bytes[..new Rune(codePoint).EncodeToUtf8(bytes)])
                {
                    ids[count] = _bytes[value];
                    starts[count] = at;
                    ends[count++] = end;
                }
            }
            else if (_unknownId is { } unknown)
            {
                if (afterUnknown && _settings.FuseUnknown)
                {
                    ends[count - 1] = end;
                }
                else
                {
                    ids[count] = unknown;
                    starts[count] = at;
                    ends[count++] = end;
                }

                afterUnknown = true;
            }

            at = end;
        }

        return count;
    }

    private int Decorated(ReadOnlySpan<char> character, bool first, bool last)
    {
        Span<char> text = stackalloc char[_prefix.Length + _suffix.Length + 2];
        int length = 0;
        if (!first)
        {
            _prefix.CopyTo(text);
            length = _prefix.Length;
        }

        character.CopyTo(text[length..]);
        length += character.Length;
        if (last)
        {
            _suffix.CopyTo(text[length..]);
            length += _suffix.Length;
        }

        return Vocabulary.IdOf(text[..length]);
    }

    private int MergeShort(int[] ids, int[] starts, int[] ends, int count)
    {
        if (count < 2) return count;

        Span<ulong> merges = stackalloc ulong[ShortWord];
        for (int i = 0; i + 1 < count; i++)
        {
            merges[i] = _merges.Find(ids[i], ids[i + 1]);
        }

        while (count > 1)
        {
            // The rank is the upper half, so the smallest value is the best merge; strictly smaller keeps the leftmost.
            ulong best = MergeTable.None;
            int at = -1;
            for (int i = 0; i < count - 1; i++)
            {
                if (merges[i] < best)
                {
                    best = merges[i];
                    at = i;
                }
            }

            if (at < 0) break;

            ids[at] = (int)(uint)best;
            ends[at] = ends[at + 1];
            count--;
            for (int i = at + 1; i < count; i++)
            {
                ids[i] = ids[i + 1];
                starts[i] = starts[i + 1];
                ends[i] = ends[i + 1];
                merges[i] = merges[i + 1];
            }

            if (at > 0)
            {
                merges[at - 1] = _merges.Find(ids[at - 1], ids[at]);
            }

            if (at + 1 < count)
            {
                merges[at] = _merges.Find(ids[at], ids[at + 1]);
            }
        }

        return count;
    }

    private static int[] SingleUnits(Vocabulary vocabulary)
    {
        var single = new int[0x10000];
        Array.Fill(single, -1);
        foreach ((string token, int id) in vocabulary.InOrder())
        {
            if (token.Length == 1)
            {
                single[token[0]] = id;
            }
        }

        return single;
    }
}

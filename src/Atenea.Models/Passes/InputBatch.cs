using Atenea.Errors;

namespace Atenea.Models;

/// <summary>
/// The input of an encoder: the token ids of all sequences one after another, without padding, and where each begins. Its buffers are
/// kept from batch to batch, so that filling it again allocates nothing.
/// </summary>
/// <example><code>
/// var batch = new InputBatch();
/// batch.Add([101, 7592, 102]);
/// batch.Add([101, 2129, 2024, 2017, 102]);
/// </code></example>
public sealed class InputBatch
{
    private int[] _ids = new int[256];
    private int[] _typeIds = new int[256];
    private int[] _positions = new int[256];
    private int[] _offsets = new int[17];
    private int[] _firstTokens = new int[16];
    private int[] _lastTokens = [];
    private bool[] _givesPositions = new bool[16];
    private int _positionsUsed; // the largest position and one
    private int[] _countedPositions = [];
    private int? _countedFor; // the padding id that _countedPositions were counted for, while they hold

    /// <summary>Number of sequences.</summary>
    public int Sequences { get; private set; }

    /// <summary>Number of tokens of all sequences.</summary>
    public int Tokens { get; private set; }

    /// <summary>Number of tokens of the longest sequence.</summary>
    public int LongestSequence { get; private set; }

    /// <summary>Token ids, [<see cref="Tokens"/>].</summary>
    public ReadOnlyMemory<int> Ids => _ids.AsMemory(0, Tokens);

    /// <summary>Segment of each token (0 first, 1 second text of a pair), [<see cref="Tokens"/>].</summary>
    public ReadOnlyMemory<int> TypeIds => _typeIds.AsMemory(0, Tokens);

    /// <summary>
    /// Place of each token within its sequence: counted from 0 or where the sequence was said to begin, or given. [<see cref="Tokens"/>]
    /// </summary>
    public ReadOnlyMemory<int> Positions => _positions.AsMemory(0, Tokens);

    /// <summary>Whether the places of some sequence were given, not counted.</summary>
    public bool GivesPositions { get; private set; }

    /// <summary>
    /// The rows of a position table as RoBERTa's family and MPNet count them, [<see cref="Tokens"/>]: the n-th token of a sequence that is
    /// not padding has row <paramref name="paddingId"/> + n, padding has row <paramref name="paddingId"/>. They depend on the ids alone,
    /// unless the places were given, which are then counted from the row after padding's.
    /// </summary>
    /// <param name="paddingId">The id of padding.</param>
    public ReadOnlyMemory<int> PositionsAfter(int paddingId)
    {
        if (_countedFor != paddingId)
        {
            Grow(ref _countedPositions, Tokens);
            for (int s = 0; s < Sequences; s++)
            {
                int last = paddingId;
                for (int i = _offsets[s]; i < _offsets[s + 1]; i++)
                {
                    _countedPositions[i] = _givesPositions[s] ? paddingId + 1 + _positions[i]
                        : _ids[i] == paddingId ? paddingId : ++last;
                }
            }

            _countedFor = paddingId;
        }

        return _countedPositions.AsMemory(0, Tokens);
    }

    /// <summary>First token of each sequence, and after the last one the number of tokens: [<see cref="Sequences"/> + 1].</summary>
    public ReadOnlySpan<int> Offsets => _offsets.AsSpan(0, Sequences + 1);

    /// <summary>The row of each sequence's first token, [<see cref="Sequences"/>].</summary>
    public ReadOnlySpan<int> FirstTokens => _firstTokens.AsSpan(0, Sequences);

    /// <summary>
    /// The row of each sequence's last token that is not <paramref name="paddingId"/>, as decoders that classify choose it:
    /// [<see cref="Sequences"/>]. A sequence of padding alone gives its first token. The rows stay until the next call.
    /// </summary>
    /// <param name="paddingId">The id that does not count; null for none.</param>
    public ReadOnlySpan<int> LastTokens(int? paddingId)
    {
        Grow(ref _lastTokens, Sequences);
        for (int s = 0; s < Sequences; s++)
        {
            int last = _offsets[s + 1] - 1;
            while (last > _offsets[s] && _ids[last] == paddingId) last--;
            _lastTokens[s] = last;
        }

        return _lastTokens.AsSpan(0, Sequences);
    }

    /// <summary>Empties the batch.</summary>
    public void Clear()
    {
        Sequences = 0;
        Tokens = 0;
        LongestSequence = 0;
        GivesPositions = false;
        _positionsUsed = 0;
        _countedFor = null;
    }

    /// <summary>Appends a sequence.</summary>
    /// <param name="ids">Its token ids, special tokens included; at least one.</param>
    /// <param name="typeIds">Its segments, as many as ids; all 0 when left out.</param>
    /// <param name="firstPosition">Place of the first token; more than 0 where padding on the left was left out and the model counts
    /// it.</param>
    /// <exception cref="ArgumentException">No token, or another number of segments than of ids.</exception>
    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> typeIds = default, int firstPosition = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(firstPosition);
        Span<int> positions = Append(ids, typeIds);
        for (int i = 0; i < positions.Length; i++) positions[i] = firstPosition + i;
        _positionsUsed = Math.Max(_positionsUsed, firstPosition + ids.Length);
    }

    /// <summary>
    /// Appends a sequence whose tokens have places of their own: rows of the position table, counted from 0, in any order. Families without
    /// such a table count places themselves and refuse the batch.
    /// </summary>
    /// <param name="ids">Its token ids, special tokens included; at least one.</param>
    /// <param name="typeIds">Its segments, as many as ids; all 0 when empty.</param>
    /// <param name="positions">The place of each token, as many as ids.</param>
    /// <exception cref="ArgumentException">No token, another number of segments or places than of ids, or a place below 0.</exception>
    public void Add(ReadOnlySpan<int> ids, ReadOnlySpan<int> typeIds, ReadOnlySpan<int> positions)
    {
        if (positions.Length != ids.Length)
            throw new ArgumentException($"{positions.Length} places for {ids.Length} tokens", nameof(positions));
        foreach (int position in positions) ArgumentOutOfRangeException.ThrowIfNegative(position, nameof(positions));
        positions.CopyTo(Append(ids, typeIds));
        foreach (int position in positions) _positionsUsed = Math.Max(_positionsUsed, position + 1);
        _givesPositions[Sequences - 1] = GivesPositions = true;
    }

    /// <summary>Checks what a model with these limits needs, before anything is computed.</summary>
    /// <param name="vocabularySize">Ids lie below it.</param>
    /// <param name="typeVocabularySize">Segments lie below it; 0 for a model without segments, which does not look at them.</param>
    /// <param name="maxPositions">The most tokens of a sequence.</param>
    /// <exception cref="AteneaException">A sequence is too long (ATN0506), an id or segment is outside its table (ATN0603).</exception>
    public void Check(int vocabularySize, int typeVocabularySize, int maxPositions)
    {
        for (int s = 0; s < Sequences && _positionsUsed > maxPositions; s++)
        {
            int length = 0;
            foreach (int position in _positions.AsSpan(_offsets[s].._offsets[s + 1])) length = Math.Max(length, position + 1);
            if (length <= maxPositions) continue;
            throw new AteneaException(Catalogue.SequenceTooLong, $"{length} tokens, the model has {maxPositions} positions",
                $"sequence {s} of the batch");
        }

        for (int i = 0; i < Tokens; i++)
        {
            if ((uint)_ids[i] >= (uint)vocabularySize) throw Outside(i, $"token id {_ids[i]}, the vocabulary has {vocabularySize} entries");
            if (typeVocabularySize > 0 && (uint)_typeIds[i] >= (uint)typeVocabularySize)
                throw Outside(i, $"segment {_typeIds[i]}, the model has {typeVocabularySize}");
        }
    }

    /// <summary>Appends tokens and segments; returns their places, to be written.</summary>
    private Span<int> Append(ReadOnlySpan<int> ids, ReadOnlySpan<int> typeIds)
    {
        if (ids.IsEmpty) throw new ArgumentException("a sequence has at least one token", nameof(ids));
        if (!typeIds.IsEmpty && typeIds.Length != ids.Length)
            throw new ArgumentException($"{typeIds.Length} segments for {ids.Length} tokens", nameof(typeIds));
        int start = Tokens;
        int end = checked(start + ids.Length);
        _countedFor = null;
        Grow(ref _ids, end);
        Grow(ref _typeIds, end);
        Grow(ref _positions, end);
        Grow(ref _offsets, Sequences + 2);
        Grow(ref _firstTokens, Sequences + 1);
        Grow(ref _givesPositions, Sequences + 1);
        ids.CopyTo(_ids.AsSpan(start));
        if (typeIds.IsEmpty) _typeIds.AsSpan(start, ids.Length).Clear();
        else typeIds.CopyTo(_typeIds.AsSpan(start));
        _firstTokens[Sequences] = start;
        _offsets[Sequences] = start;
        _givesPositions[Sequences] = false;
        Sequences++;
        _offsets[Sequences] = end;
        Tokens = end;
        LongestSequence = Math.Max(LongestSequence, ids.Length);
        return _positions.AsSpan(start, ids.Length);
    }

    private AteneaException Outside(int token, string what)
    {
        int sequence = 0;
        while (_offsets[sequence + 1] <= token) sequence++;
        return new AteneaException(Catalogue.IdOutOfRange, what, $"sequence {sequence} of the batch, token {token - _offsets[sequence]}");
    }

    private static void Grow<T>(ref T[] buffer, int needed)
    {
        if (buffer.Length < needed) Array.Resize(ref buffer, Math.Max(needed, buffer.Length * 2));
    }
}

using Atenea.Errors;

namespace Atenea.Tensors;

public sealed partial class Tape
{
    /// <summary>
    /// Multi-head self-attention within each sequence (Vaswani et al. 2017, section 3.2): per head,
    /// context = dropout(softmax(scale * Q K^T)) V over the keys that a query sees. No sequence sees another, and none is padded.
    /// </summary>
    /// <param name="qkv">
    /// [tokens, (heads + 2 * key-value heads) * d]: query, key and value side by side, d the size of a head; head h takes columns h * d to
    /// (h + 1) * d of its part.
    /// </param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1]. A sequence may be empty.</param>
    /// <param name="settings">Heads, scale of the scores, dropout of the probabilities, which keys are seen, rotary positions.</param>
    /// <param name="capture">Receives the probabilities before dropout; null for none.</param>
    /// <returns>[tokens, heads * d].</returns>
    /// <exception cref="AteneaException">ATN0602: columns do not divide into the heads, the key-value heads do not divide the heads, or the
    /// offsets do not cover the rows.</exception>
    public Tensor Attention(Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings, AttentionCapture? capture = null) =>
        Attention(qkv, offsets, settings, default, capture);

    /// <summary>Attention whose scores have terms for the distance of query and key.</summary>
    /// <param name="qkv">As in plain attention, with as many heads of keys and values as of queries.</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens.</param>
    /// <param name="settings">As in plain attention, with every key seen and no rotary positions.</param>
    /// <param name="terms">What is added to the scores.</param>
    /// <param name="capture">Receives the probabilities before dropout; null for none.</param>
    /// <returns>[tokens, heads * d].</returns>
    /// <exception cref="AteneaException">ATN0602: shapes do not fit, a sequence is longer than the distances reach, or the terms do not go
    /// with the settings.</exception>
    public Tensor Attention(
        Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings, in RelativeTerms terms, AttentionCapture? capture = null)
    {
        RequireHeads(settings);
        int keyValueHeads = KeyValueHeadsOf(settings), size = qkv.Columns / (settings.Heads + (2 * keyValueHeads));
        if (size == 0 || qkv.Columns % (settings.Heads + (2 * keyValueHeads)) != 0)
            throw Misfit($"{qkv.Columns} columns of query, key and value do not divide into {settings.Heads} heads");
        RequireOffsets(offsets, qkv.Rows, "attention");
        int width = settings.Heads * size, keyWidth = keyValueHeads * size;
        AttentionParts parts = settings.HeadByHead
            ? new(new(qkv, 0, size), new(qkv, size, size), new(qkv, 2 * size, size), size, 3 * size)
            : new(new(qkv, 0, width), new(qkv, width, keyWidth), new(qkv, width + keyWidth, keyWidth), size, size);
        return Attention(parts with { Packed = true }, offsets, offsets, default, settings, terms, capture);
    }

    /// <summary>
    /// Attention of queries to keys and values that may come from elsewhere and be of another number: those of earlier calls with new ones
    /// appended (a cache of keys and values), or another sequence's. A query's context has the same bits whichever other queries are asked
    /// along with it, so those of a sequence may be asked in one call or in any split over several.
    /// </summary>
    /// <param name="queries">Where the queries lie and stand.</param>
    /// <param name="keys">Where the keys and values lie: as many sequences.</param>
    /// <param name="settings">As in self-attention, but not head by head. Dropout's mask is that of this call's queries.</param>
    /// <param name="capture">Receives the probabilities before dropout; null for none.</param>
    /// <returns>[queries, heads * d].</returns>
    /// <exception cref="AteneaException">
    /// ATN0602: shapes do not fit; a query sees no key; or two parts share some but not all of their columns, or all of them for different
    /// heads or rows.
    /// </exception>
    /// <example><code>
    /// // One more token of each sequence, whose row of keys and values was written to the end of the cache before.
    /// var queries = new AttentionQueries(new(qkv, 0, heads * d), [0, 1, 2]) { FirstPositions = [lengths[0], lengths[1]] };
    /// Tensor context = tape.Attention(queries, new AttentionKeys(cachedKeys, cachedValues, cacheOffsets), settings);
    /// </code></example>
    public Tensor Attention(
        in AttentionQueries queries, in AttentionKeys keys, in AttentionSettings settings, AttentionCapture? capture = null)
    {
        RequireHeads(settings);
        HeadColumns q = queries.Columns, k = keys.Keys, v = keys.Values;
        if (settings.HeadByHead) throw Misfit("queries, keys and values of their own do not lie head by head");
        if (!q.Fit || !k.Fit || !v.Fit) throw Misfit("columns of queries, keys or values lie outside of their matrices");
        int size = q.Count / settings.Heads, keyValueHeads = KeyValueHeadsOf(settings);
        if (size == 0 || q.Count % settings.Heads != 0)
            throw Misfit($"{q.Count} columns of queries do not divide into {settings.Heads} heads");
        if (k.Count != keyValueHeads * size || v.Count != k.Count)
            throw Misfit($"{keyValueHeads} heads of {size} need {keyValueHeads * size} columns, keys have {k.Count} and values {v.Count}");
        if (k.Tensor.Rows != v.Tensor.Rows) throw Misfit($"{k.Tensor.Rows} keys, {v.Tensor.Rows} values");
        RequireOffsets(queries.Offsets, q.Tensor.Rows, "queries of attention");
        RequireOffsets(keys.Offsets, k.Tensor.Rows, "keys of attention");
        if (queries.Offsets.Length != keys.Offsets.Length)
            throw Misfit($"{queries.Offsets.Length - 1} sequences of queries, {keys.Offsets.Length - 1} of keys");
        if (!queries.FirstPositions.IsEmpty && queries.FirstPositions.Length != queries.Offsets.Length - 1)
            throw Misfit($"{queries.FirstPositions.Length} first positions for {queries.Offsets.Length - 1} sequences");
        RequireKeysSeen(queries, keys, settings);
        // Where columns are shared, their gradients may meet in one head of one sequence only: one worker adds them up.
        bool sameRows = queries.Offsets.SequenceEqual(keys.Offsets);
        bool torn = (q.Overlaps(k) && !(q.IsSame(k) && sameRows)) || (q.Overlaps(v) && !(q.IsSame(v) && sameRows));
        if (torn || (k.Overlaps(v) && !k.IsSame(v))) throw Misfit("two of queries, keys and values share some of their columns");
        var parts = new AttentionParts(q, k, v, size, size);
        return Attention(parts, queries.Offsets, keys.Offsets, queries.FirstPositions, settings, default, capture);
    }

    private Tensor Attention(
        in AttentionParts parts,
        ReadOnlySpan<int> queryOffsets,
        ReadOnlySpan<int> keyOffsets,
        ReadOnlySpan<int> firstPositions,
        in AttentionSettings settings,
        in RelativeTerms terms,
        AttentionCapture? capture)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(settings.KeysBefore ?? 0, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.KeysAfter ?? 0, nameof(settings));
        if (settings.Rotary is { } rotary && rotary.HeadSize != parts.Size)
            throw Misfit($"rotary positions for heads of {rotary.HeadSize}, these have {parts.Size}");
        RequireRelativeShapes(parts.Size, queryOffsets, settings, terms);

        int rows = parts.Queries.Tensor.Rows;
        bool differentiable = parts.NeedGradient || WantsGradient(terms);
        Tensor output = New(rows, settings.Heads * parts.Size, differentiable);
        bool recorded = output.IsDifferentiable;
        long statistics = 2L * rows * settings.Heads;
        capture?.Prepare(this, settings.Heads, queryOffsets, keyOffsets, differentiable);
        DeviceBuffer queryStarts = Saved(queryOffsets);
        var call = new AttentionCall
        {
            Parts = parts,
            Output = output,
            Terms = terms,
            Probabilities = capture is null ? default : capture.Probabilities,
            Scores = capture is null ? default : capture.Scores,
            Operands = new AttentionOperands
            {
                Sequences = queryOffsets.Length - 1,
                Tokens = rows,
                Heads = settings.Heads,
                HeadsPerKey = settings.KeyValueHeads == 0 ? 1 : settings.Heads / settings.KeyValueHeads,
                HeadSize = parts.Size,
                Queries = new(parts.Queries.Tensor, parts.Queries.First, parts.Step),
                Keys = new(parts.Keys.Tensor, parts.Keys.First, parts.Step),
                Values = new(parts.Values.Tensor, parts.Values.First, parts.Step),
                QueryOffsets = queryStarts,
                KeyOffsets = parts.Packed ? queryStarts : Saved(keyOffsets),
                FirstPositions = firstPositions.IsEmpty ? DeviceBuffer.None : Saved(firstPositions),
                Visibility = AttentionVisibility.Of(settings),
                Rotary = settings.Rotary?.Table(Farthest(queryOffsets, keyOffsets, firstPositions)),
                Relative = RelativeOperandsOf(terms),
                Scale = settings.Scale,
                Dropout = NextDropout(settings.Dropout),
                Output = output.Data,
                Statistics = recorded ? Saved(statistics) : Scratch(statistics),
                Probabilities = capture is null ? DeviceBuffer.None : capture.Probabilities.Data,
                Scores = capture is null ? DeviceBuffer.None : capture.Scores.Data,
                CaptureOffsets = capture is null ? DeviceBuffer.None : Saved(capture.Offsets),
            },
        };
        Backend.Attend(call.Operands);
        if (recorded) RecordAttention(call);
        else ReturnScratch(call.Operands.Statistics, statistics);
        return output;
    }

    /// <summary>
    /// Records the attention for its context, and before it (so after it on the way back) for what is captured: a gradient may arrive at
    /// either alone.
    /// </summary>
    private void RecordAttention(in AttentionCall call)
    {
        AttentionNode? scores = call.Scores.IsEmpty ? null : Record<AttentionNode>(call.Scores);
        AttentionNode? probabilities = call.Probabilities.IsEmpty ? null : Record<AttentionNode>(call.Probabilities);
        AttentionNode node = Record<AttentionNode>(call.Output);
        node.Call = call;
        if (scores is not null) scores.Main = node;
        if (probabilities is not null) probabilities.Main = node;
    }

    private static int KeyValueHeadsOf(in AttentionSettings settings) =>
        settings.KeyValueHeads == 0 ? settings.Heads : settings.KeyValueHeads;

    private static AteneaException Misfit(string what) => new(Catalogue.ShapeMismatch, what, "attention");

    private static void RequireHeads(in AttentionSettings settings)
    {
        int keyValueHeads = KeyValueHeadsOf(settings);
        bool even = settings.Heads > 0 && keyValueHeads > 0 && settings.Heads % keyValueHeads == 0;
        if (!even || (settings.HeadByHead && keyValueHeads != settings.Heads))
            throw Misfit($"{settings.Heads} heads do not share {keyValueHeads} heads of keys evenly");
    }

    private static void RequireKeysSeen(in AttentionQueries queries, in AttentionKeys keys, in AttentionSettings settings)
    {
        AttentionVisibility visibility = AttentionVisibility.Of(settings);
        for (int s = 0; s + 1 < queries.Offsets.Length; s++)
        {
            int count = queries.Offsets[s + 1] - queries.Offsets[s], ofKeys = keys.Offsets[s + 1] - keys.Offsets[s];
            int first = queries.FirstPositions.IsEmpty ? 0 : queries.FirstPositions[s];
            if (first < 0) throw Misfit($"the first query of sequence {s} stands at {first}");
            if (count == 0 || visibility.ShowsAll(first, count, ofKeys)) continue;
            throw Misfit($"queries {first} to {(long)first + count - 1} of sequence {s}, which has {ofKeys} keys: one sees none of them");
        }
    }

    /// <summary>Positions that rotary tables must cover, at least one.</summary>
    private static int Farthest(ReadOnlySpan<int> queryOffsets, ReadOnlySpan<int> keyOffsets, ReadOnlySpan<int> firstPositions)
    {
        int farthest = 1;
        for (int s = 0; s + 1 < queryOffsets.Length; s++)
        {
            int first = firstPositions.IsEmpty ? 0 : firstPositions[s], queries = queryOffsets[s + 1] - queryOffsets[s];
            farthest = Math.Max(farthest, Math.Max(checked(first + queries), keyOffsets[s + 1] - keyOffsets[s]));
        }

        return farthest;
    }

    private static void RequireOffsets(ReadOnlySpan<int> offsets, int rows, string where)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets do not run from 0 to the {rows} rows", where);
        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] >= offsets[s - 1]) continue;
            string fall = $"sequence offsets fall from {offsets[s - 1]} to {offsets[s]} at {s}";
            throw new AteneaException(Catalogue.ShapeMismatch, fall, where);
        }
    }
}

/// <summary>
/// Backward pass of attention: see <see cref="AttentionBackward{T}"/> for the formulas. What is captured has nodes of its own, which run
/// the attention's where nothing arrived at the context.
/// </summary>
internal sealed class AttentionNode : TapeNode
{
    public AttentionCall Call;

    /// <summary>The attention's own node; null if this is it.</summary>
    public AttentionNode? Main;

    private long _pass; // the last one that it ran in

    public override void Backward(Tape tape)
    {
        if (Main is not null) Main.RunOnce(tape);
        else RunOnce(tape);
    }

    public override void Clear()
    {
        Call = default;
        Main = null;
    }

    private void RunOnce(Tape tape)
    {
        if (_pass == tape.BackwardPass) return;
        _pass = tape.BackwardPass;
        AttentionOperands operands = Call.Operands;
        operands.OutputGradient = OrZeros(tape, Call.Output, out bool nothingArrived);
        if (tape.HasGradient(Call.Probabilities)) operands.ProbabilityGradient = OrZeros(tape, Call.Probabilities, out _);
        if (tape.HasGradient(Call.Scores)) operands.ScoreGradient = OrZeros(tape, Call.Scores, out _);
        SetGradients(tape, ref operands);
        operands.Relative.BiasGradient = tape.GradientIfNeeded(Call.Terms.Bias);
        operands.Relative.KeyGradient = tape.GradientIfNeeded(Call.Terms.Keys);
        operands.Relative.QueryGradient = tape.GradientIfNeeded(Call.Terms.Queries);
        tape.Backend.AttendBackward(operands);
        if (nothingArrived && !tape.KeepsGradients) tape.ReturnGradient(Call.Output);
    }

    private void SetGradients(Tape tape, ref AttentionOperands operands)
    {
        AttentionParts parts = Call.Parts;
        if (!parts.Packed)
        {
            operands.Queries.Gradient = GradientOf(tape, parts.Queries);
            operands.Keys.Gradient = GradientOf(tape, parts.Keys);
            operands.Values.Gradient = GradientOf(tape, parts.Values);
            return;
        }

        GradientShare share = tape.GradientIfNeeded(parts.Queries.Tensor); // else only the terms' gradients are wanted
        operands.Queries.Gradient = share with { Data = share.Data + parts.Queries.First };
        operands.Keys.Gradient = share with { Data = share.Data + parts.Keys.First };
        operands.Values.Gradient = share with { Data = share.Data + parts.Values.First };
    }

    // Columns of other parts and keys that nobody saw are in the same gradient: it begins with zeros.
    private static GradientShare GradientOf(Tape tape, in HeadColumns columns) => Tape.NeedsGradient(columns.Tensor)
        ? new GradientShare(OrZeros(tape, columns.Tensor, out _) + columns.First, Accumulate: true)
        : default;

    private static DeviceBuffer OrZeros(Tape tape, Tensor tensor, out bool nothingArrived)
    {
        GradientShare share = tape.GradientForWriting(tensor);
        nothingArrived = !share.Accumulate;
        if (nothingArrived) tape.Backend.Clear(share.Data, tensor.Length);
        return share.Data;
    }
}

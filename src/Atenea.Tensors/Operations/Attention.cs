using Atenea.Errors;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
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
    public Tensor Attention(Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings, in RelativeTerms terms, AttentionCapture? capture = null)
    {
        RequireAttentionShapes(qkv, offsets, settings);
        RequireRelativeShapes(qkv, offsets, settings, terms);
        int sequences = offsets.Length - 1;
        Tensor output = New(qkv.Rows, settings.Heads * HeadSizeOf(qkv, settings), NeedsGradient(qkv) || WantsGradient(terms));
        bool recorded = output.Slot >= 0;
        long rowsOfScores = (long)qkv.Rows * settings.Heads;
        float* statistics = recorded ? SavedFloats(2 * rowsOfScores) : Scratch(2 * rowsOfScores);
        DropoutKey dropout = NextDropout(settings.Dropout);

        float[]? table = RotaryTableOf(settings, offsets);
        fixed (int* first = offsets)
        fixed (float* rotary = table)
        {
            AttentionWork work = AttentionWorkOf(qkv, output, first, sequences, settings, statistics, dropout, rotary);
            float* addresses = null;
            if (capture is not null)
            {
                addresses = Scratch(2L * sequences);
                work.Captured = (nint*)addresses;
                capture.Prepare(settings.Heads, offsets, work.Captured);
            }

            RelativeWork relative = RelativeWorkOf(terms, work);
            if (terms.Any) work.Relative = &relative;
            switch (Isa.Current)
            {
                case InstructionSet.Avx512: AttentionForward<Lanes512>.Run(this, ref work); break;
                case InstructionSet.Avx2: AttentionForward<Lanes256>.Run(this, ref work); break;
                default: AttentionForward<LanesPortable>.Run(this, ref work); break;
            }

            if (terms.Any) relative.Return(this);
            ReturnScratch(addresses, 2L * sequences);
        }

        if (!recorded)
        {
            ReturnScratch(statistics, 2 * rowsOfScores);
            return output;
        }

        AttentionNode node = Record<AttentionNode>(output);
        node.Input = qkv;
        node.Offsets = Saved(offsets);
        node.Sequences = sequences;
        node.Settings = settings;
        node.Statistics = statistics;
        node.Dropout = dropout;
        node.RotaryTable = table;
        node.Terms = terms;
        return output;
    }

    internal static AttentionWork AttentionWorkOf(
        Tensor qkv, Tensor output, int* offsets, int sequences, in AttentionSettings settings, float* statistics, in DropoutKey dropout, float* rotary) => new()
        {
            Input = qkv.Data,
            InputRow = qkv.Columns,
            KeyColumn = settings.HeadByHead ? output.Columns / settings.Heads : output.Columns,
            ValueColumn = settings.HeadByHead ? 2 * (output.Columns / settings.Heads) : output.Columns + ((qkv.Columns - output.Columns) / 2),
            Output = output.Data,
            Offsets = offsets,
            Sequences = sequences,
            Tokens = qkv.Rows,
            Heads = settings.Heads,
            HeadSize = output.Columns / settings.Heads,
            HeadColumns = settings.HeadByHead ? 3 * (output.Columns / settings.Heads) : output.Columns / settings.Heads,
            HeadsPerKey = settings.Heads / KeyValueHeadsOf(settings),
            Visibility = AttentionVisibility.Of(settings),
            Rotary = rotary,
            Scale = settings.Scale,
            Maxima = statistics,
            Reciprocals = statistics + ((long)qkv.Rows * settings.Heads),
            Dropout = dropout,
        };

    private static int KeyValueHeadsOf(in AttentionSettings settings) => settings.KeyValueHeads == 0 ? settings.Heads : settings.KeyValueHeads;

    private static int HeadSizeOf(Tensor qkv, in AttentionSettings settings) => qkv.Columns / (settings.Heads + (2 * KeyValueHeadsOf(settings)));

    private static float[]? RotaryTableOf(in AttentionSettings settings, ReadOnlySpan<int> offsets)
    {
        if (settings.Rotary is null) return null;
        int longest = 1;
        for (int s = 1; s < offsets.Length; s++) longest = Math.Max(longest, offsets[s] - offsets[s - 1]);
        return settings.Rotary.Table(longest);
    }

    private static void RequireAttentionShapes(Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings)
    {
        int keyValueHeads = KeyValueHeadsOf(settings);
        if (settings.Heads < 1 || keyValueHeads < 1 || settings.Heads % keyValueHeads != 0 || (settings.HeadByHead && keyValueHeads != settings.Heads))
            throw new AteneaException(Catalogue.ShapeMismatch, $"{settings.Heads} heads do not share {keyValueHeads} heads of keys evenly", "attention");
        if (qkv.Columns == 0 || qkv.Columns % (settings.Heads + (2 * keyValueHeads)) != 0)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{qkv.Columns} columns of query, key and value do not divide into {settings.Heads} heads", "attention");
        ArgumentOutOfRangeException.ThrowIfNegative(settings.KeysBefore ?? 0, nameof(settings));
        ArgumentOutOfRangeException.ThrowIfNegative(settings.KeysAfter ?? 0, nameof(settings));
        if (settings.Rotary is { } rotary && rotary.HeadSize != HeadSizeOf(qkv, settings))
            throw new AteneaException(Catalogue.ShapeMismatch, $"rotary positions for heads of {rotary.HeadSize}, these have {HeadSizeOf(qkv, settings)}", "attention");
        RequireOffsets(offsets, qkv.Rows, "attention");
    }

    private static void RequireOffsets(ReadOnlySpan<int> offsets, int rows, string where)
    {
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets do not run from 0 to the {rows} rows", where);
        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] < offsets[s - 1])
                throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets fall from {offsets[s - 1]} to {offsets[s]} at {s}", where);
        }
    }
}

/// <summary>Backward pass of attention: see <see cref="AttentionBackward{T}"/> for the formulas.</summary>
internal sealed unsafe class AttentionNode : TapeNode
{
    public Tensor Input;
    public int* Offsets;
    public int Sequences;
    public AttentionSettings Settings;
    public float* Statistics;
    public DropoutKey Dropout;
    public float[]? RotaryTable;
    public RelativeTerms Terms;

    public override void Backward(Tape tape)
    {
        fixed (float* rotary = RotaryTable) Backward(tape, rotary);
    }

    public override void Clear()
    {
        RotaryTable = null;
        Terms = default;
        Settings = default;
    }

    private void Backward(Tape tape, float* rotary)
    {
        AttentionWork work = Tape.AttentionWorkOf(Input, Output, Offsets, Sequences, Settings, Statistics, Dropout, rotary);
        work.OutputGradient = tape.OutputGradient(Output);
        bool wanted = Tape.NeedsGradient(Input); // else only the terms' gradients are
        work.InputGradient = wanted ? tape.GradientForWriting(Input, out work.Accumulate) : tape.Scratch(Input.Length);
        RelativeWork relative = Tape.RelativeWorkOf(Terms, work);
        if (Terms.Any) work.Relative = &relative;
        switch (Isa.Current)
        {
            case InstructionSet.Avx512: AttentionBackward<Lanes512>.Run(tape, ref work); break;
            case InstructionSet.Avx2: AttentionBackward<Lanes256>.Run(tape, ref work); break;
            default: AttentionBackward<LanesPortable>.Run(tape, ref work); break;
        }

        if (!wanted) tape.ReturnScratch(work.InputGradient, Input.Length);
        if (!Terms.Any) return;
        Tape.AddRelativeGradients(tape, Terms, relative);
        relative.Return(tape);
    }
}

using Atenea.Errors;
using Atenea.Tensors.Kernels;

namespace Atenea.Tensors;

public sealed unsafe partial class Tape
{
    /// <summary>
    /// Multi-head self-attention within each sequence (Vaswani et al. 2017, section 3.2): per head,
    /// context = dropout(softmax(scale * Q K^T)) V. No sequence sees another, and none is padded.
    /// </summary>
    /// <param name="qkv">[tokens, 3 * hidden]: query, key and value side by side; head h takes columns h * d to (h + 1) * d of each, d = hidden / heads.</param>
    /// <param name="offsets">First token of each sequence, then the number of tokens: [sequences + 1]. A sequence may be empty.</param>
    /// <param name="settings">Heads, scale of the scores, dropout of the probabilities.</param>
    /// <param name="capture">Receives the probabilities before dropout; null for none.</param>
    /// <returns>[tokens, hidden].</returns>
    /// <exception cref="AteneaException">ATN0602: columns do not divide into three times the heads, or the offsets do not cover the rows.</exception>
    public Tensor Attention(Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings, AttentionCapture? capture = null)
    {
        RequireAttentionShapes(qkv, offsets, settings);
        int hidden = qkv.Columns / 3, sequences = offsets.Length - 1;
        Tensor output = New(qkv.Rows, hidden, NeedsGradient(qkv));
        bool recorded = output.Slot >= 0;
        long rowsOfScores = (long)qkv.Rows * settings.Heads;
        float* statistics = recorded ? SavedFloats(2 * rowsOfScores) : Scratch(2 * rowsOfScores);
        DropoutKey dropout = NextDropout(settings.Dropout);

        fixed (int* first = offsets)
        {
            AttentionWork work = AttentionWorkOf(qkv, output, first, sequences, settings, statistics, dropout);
            float* addresses = null;
            if (capture is not null)
            {
                addresses = Scratch(2L * sequences);
                work.Captured = (nint*)addresses;
                capture.Prepare(settings.Heads, offsets, work.Captured);
            }

            switch (Isa.Current)
            {
                case InstructionSet.Avx512: AttentionForward<Lanes512>.Run(this, ref work); break;
                case InstructionSet.Avx2: AttentionForward<Lanes256>.Run(this, ref work); break;
                default: AttentionForward<LanesPortable>.Run(this, ref work); break;
            }

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
        return output;
    }

    internal static AttentionWork AttentionWorkOf(
        Tensor qkv, Tensor output, int* offsets, int sequences, in AttentionSettings settings, float* statistics, in DropoutKey dropout) => new()
        {
            Input = qkv.Data,
            InputRow = qkv.Columns,
            KeyColumn = qkv.Columns / 3,
            ValueColumn = qkv.Columns / 3 * 2,
            Output = output.Data,
            Offsets = offsets,
            Sequences = sequences,
            Tokens = qkv.Rows,
            Heads = settings.Heads,
            HeadSize = output.Columns / settings.Heads,
            Scale = settings.Scale,
            Maxima = statistics,
            Reciprocals = statistics + ((long)qkv.Rows * settings.Heads),
            Dropout = dropout,
        };

    private static void RequireAttentionShapes(Tensor qkv, ReadOnlySpan<int> offsets, in AttentionSettings settings)
    {
        if (settings.Heads < 1 || qkv.Columns == 0 || qkv.Columns % (3 * settings.Heads) != 0)
            throw new AteneaException(Catalogue.ShapeMismatch, $"{qkv.Columns} columns of query, key and value do not divide into {settings.Heads} heads", "attention");
        if (offsets.Length == 0 || offsets[0] != 0 || offsets[^1] != qkv.Rows)
            throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets do not run from 0 to the {qkv.Rows} rows", "attention");
        for (int s = 1; s < offsets.Length; s++)
        {
            if (offsets[s] < offsets[s - 1])
                throw new AteneaException(Catalogue.ShapeMismatch, $"sequence offsets fall from {offsets[s - 1]} to {offsets[s]} at {s}", "attention");
        }
    }
}

/// <summary>Backward pass of <see cref="Tape.Attention"/>: see <see cref="AttentionBackward{T}"/> for the formulas.</summary>
internal sealed unsafe class AttentionNode : TapeNode
{
    public Tensor Input;
    public int* Offsets;
    public int Sequences;
    public AttentionSettings Settings;
    public float* Statistics;
    public DropoutKey Dropout;

    public override void Backward(Tape tape)
    {
        AttentionWork work = Tape.AttentionWorkOf(Input, Output, Offsets, Sequences, Settings, Statistics, Dropout);
        work.OutputGradient = tape.OutputGradient(Output);
        work.InputGradient = tape.GradientForWriting(Input, out work.Accumulate);
        switch (Isa.Current)
        {
            case InstructionSet.Avx512: AttentionBackward<Lanes512>.Run(tape, ref work); break;
            case InstructionSet.Avx2: AttentionBackward<Lanes256>.Run(tape, ref work); break;
            default: AttentionBackward<LanesPortable>.Run(tape, ref work); break;
        }
    }
}

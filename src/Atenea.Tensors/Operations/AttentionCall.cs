using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tensors;

/// <summary>Where the three parts of an attention lie, whether side by side in one matrix or in several.</summary>
/// <param name="Queries">Columns of the queries; only the first one matters from here on.</param>
/// <param name="Keys">Columns of the keys.</param>
/// <param name="Values">Columns of the values.</param>
/// <param name="Size">Size of a head.</param>
/// <param name="Step">Columns from one head to the next, of all three.</param>
internal readonly record struct AttentionOperands(HeadColumns Queries, HeadColumns Keys, HeadColumns Values, int Size, int Step)
{
    /// <summary>
    /// Whether the parts are all columns of one matrix, each in one part, and queries and keys the same rows: then every element of the
    /// gradient is written once.
    /// </summary>
    public bool Packed { get; init; }

    /// <summary>Whether anything wants the gradient of one of the parts.</summary>
    public bool NeedGradient => Tape.NeedsGradient(Queries.Tensor) || Tape.NeedsGradient(Keys.Tensor) || Tape.NeedsGradient(Values.Tensor);
}

/// <summary>One attention as it was asked for, with what its forward pass leaves to its backward pass.</summary>
internal unsafe struct AttentionCall
{
    public AttentionOperands Operands;
    public Tensor Output;
    public int Sequences;

    /// <summary>[sequences + 1]; of keys null where they are those of the queries.</summary>
    public int* QueryOffsets, KeyOffsets;

    /// <summary>[sequences], or null.</summary>
    public int* FirstPositions;

    public AttentionSettings Settings;

    /// <summary>Largest score of each row, then one over its sum: [2, heads, queries].</summary>
    public float* Statistics;

    public DropoutKey Dropout;
    public float[]? RotaryTable;
    public RelativeTerms Terms;

    /// <summary>What is captured, or empty.</summary>
    public Tensor Probabilities, Scores;

    /// <summary>First element of each sequence in what is captured, or null.</summary>
    public int* CaptureOffsets;

    /// <summary>What the kernels need to know.</summary>
    public readonly AttentionWork Work() => new()
    {
        Queries = new(Operands.Queries.Tensor, Operands.Queries.First, Operands.Step),
        Keys = new(Operands.Keys.Tensor, Operands.Keys.First, Operands.Step),
        Values = new(Operands.Values.Tensor, Operands.Values.First, Operands.Step),
        Output = Output.Data,
        QueryOffsets = QueryOffsets,
        KeyOffsets = KeyOffsets is null ? QueryOffsets : KeyOffsets,
        FirstPositions = FirstPositions,
        Sequences = Sequences,
        Tokens = Output.Rows,
        Heads = Settings.Heads,
        HeadSize = Operands.Size,
        HeadsPerKey = Settings.KeyValueHeads == 0 ? 1 : Settings.Heads / Settings.KeyValueHeads,
        Visibility = AttentionVisibility.Of(Settings),
        Rotary = RotaryTable is null ? null : (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(RotaryTable)), // it is pinned
        Scale = Settings.Scale,
        Maxima = Statistics,
        Reciprocals = Statistics + ((long)Output.Rows * Settings.Heads),
        Dropout = Dropout,
        Probabilities = Probabilities.Data,
        Scores = Scores.Data,
        CaptureOffsets = CaptureOffsets,
    };
}

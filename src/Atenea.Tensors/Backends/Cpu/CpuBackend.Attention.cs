using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Atenea.Tensors;

internal sealed unsafe partial class CpuBackend<T>
{
    /// <inheritdoc/>
    internal override void Attend(in AttentionOperands operands)
    {
        _workspace.Begin();
        AttentionWork work = WorkOf(operands);
        RelativeWork relative = RelativeWorkOf(operands);
        if (operands.Relative.Positions is not null) work.Relative = &relative;
        AttentionForward<T>.Run(_workspace, ref work);
    }

    /// <inheritdoc/>
    internal override void AttendBackward(in AttentionOperands operands)
    {
        _workspace.Begin();
        AttentionWork work = WorkOf(operands);
        RelativeWork relative = RelativeWorkOf(operands);
        if (operands.Relative.Positions is not null) work.Relative = &relative;
        AttentionBackward<T>.Run(_workspace, ref work);
        if (operands.Relative.Positions is not null) AddRelativeGradients(operands.Relative, &relative);
    }

    private static AttentionWork WorkOf(in AttentionOperands operands) => new()
    {
        Queries = operands.Queries,
        Keys = operands.Keys,
        Values = operands.Values,
        Output = operands.Output,
        OutputGradient = operands.OutputGradient,
        QueryOffsets = operands.QueryOffsets,
        KeyOffsets = operands.KeyOffsets,
        FirstPositions = operands.FirstPositions,
        Sequences = operands.Sequences,
        Tokens = operands.Tokens,
        Heads = operands.Heads,
        HeadSize = operands.HeadSize,
        HeadsPerKey = operands.HeadsPerKey,
        Visibility = operands.Visibility,
        Rotary = operands.Rotary is null
            ? null
            : (float*)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(operands.Rotary)), // it is pinned
        Scale = operands.Scale,
        Maxima = operands.Statistics,
        Reciprocals = operands.Statistics + ((long)operands.Tokens * operands.Heads),
        Dropout = operands.Dropout,
        Probabilities = operands.Probabilities,
        Scores = operands.Scores,
        ProbabilityGradient = operands.ProbabilityGradient,
        ScoreGradient = operands.ScoreGradient,
        CaptureOffsets = operands.CaptureOffsets,
    };

    private static RelativeWork RelativeWorkOf(in AttentionOperands operands)
    {
        if (operands.Relative.Positions is not { } positions) return default;
        return new RelativeWork
        {
            RowOf = (int*)Unsafe.AsPointer(ref positions.Rows[0]) + positions.Reach, // it is pinned
            FirstRow = operands.Relative.FirstRow,
            Heads = operands.Heads,
            HeadSize = operands.HeadSize,
            Scale = operands.Scale,
            Bias = operands.Relative.Bias,
            Keys = operands.Relative.Keys,
            Queries = operands.Relative.Queries,
        };
    }

    /// <summary>Brings the gradients that the groups of sequences collected to the tables.</summary>
    private void AddRelativeGradients(in RelativeOperands operands, RelativeWork* work)
    {
        int columns = work->Heads * work->HeadSize;
        if (Begin(operands.BiasGradient, operands.BiasRows * work->Heads)) work->AddBiasGradients(operands.BiasGradient.Data);
        if (Begin(operands.KeyGradient, operands.KeyRows * columns))
            RelativeTables<T>.Reduce(_workspace, work, work->KeyGradients, falling: true, 1f, operands.KeyGradient.Data);
        if (Begin(operands.QueryGradient, operands.QueryRows * columns))
            RelativeTables<T>.Reduce(_workspace, work, work->QueryGradients, falling: false, work->Scale, operands.QueryGradient.Data);
    }

    private bool Begin(GradientShare share, long length)
    {
        if (share.IsUnwanted) return false;
        if (!share.Accumulate) Clear(share.Data, length);
        return true;
    }
}

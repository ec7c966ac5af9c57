using System.Diagnostics;

namespace Atenea.Tensors;

/// <summary>The processor: every kernel compiled for the lanes of one instruction set, run by a team of threads.</summary>
/// <typeparam name="T">Lanes.</typeparam>
internal sealed unsafe partial class CpuBackend<T> : Backend
    where T : struct, ILanes<T>
{
    private readonly Workspace _workspace;

    /// <summary>Starts the threads.</summary>
    /// <param name="name">Name of the instruction set.</param>
    /// <param name="threads">Threads, the caller's included; 0 for one per processor.</param>
    public CpuBackend(string name, int threads)
        : this(name, new Workspace(threads))
    {
    }

    private CpuBackend(string name, Workspace workspace)
        : base(name, HostMemory.Instance, workspace.Team.Size) => _workspace = workspace;

    private WorkerTeam Team => _workspace.Team;

    /// <inheritdoc/>
    internal override string PackedFormat { get; } = $"panels of {RegisterTile<T>.Columns}";

    /// <inheritdoc/>
    internal override long PackedLength(int depth, int columns) => Math.Max(1, Packing.Length(depth, columns, RegisterTile<T>.Columns));

    /// <inheritdoc/>
    internal override void Pack(in Matrix matrix, DeviceBuffer packed) => Packing.Run(Team, matrix, RegisterTile<T>.Columns, packed);

    /// <inheritdoc/>
    internal override void Multiply(in Product product)
    {
        DeviceBuffer panels = product.PackedB;
        if (panels.IsNone)
        {
            _workspace.Begin();
            panels = new DeviceBuffer((nint)_workspace.Scratch(PackedLength(product.B.Rows, product.B.Columns)));
            Pack(product.B, panels);
        }

        Gemm.Run<T>(Team, new GemmWork
        {
            Rows = product.A.Rows,
            Columns = product.B.Columns,
            Depth = product.A.Columns,
            A = product.A.Data,
            RowStride = (nint)product.A.RowStride,
            DepthStride = (nint)product.A.ColumnStride,
            Panels = panels,
            C = product.C.Data,
            CStride = (nint)product.C.RowStride,
            Accumulate = product.Accumulate,
            Bias = product.Bias,
            Activation = product.Activation,
            PreActivation = product.PreActivation,
        });
    }

    /// <inheritdoc/>
    internal override void Clear(DeviceBuffer buffer, long length) => Elementwise.Clear(Team, buffer, length);

    /// <inheritdoc/>
    internal override void Scale(in Scaling scaling) => Elementwise.Scale<T>(Team, scaling);

    /// <inheritdoc/>
    internal override void Add(in Sum sum) => Elementwise.Add<T>(Team, sum);

    /// <inheritdoc/>
    internal override void Copy(in MatrixCopy copy) => Elementwise.Copy<T>(Team, copy);

    /// <inheritdoc/>
    internal override void Drop(in Dropping dropping) => DropoutKernel.Run<T>(Team, dropping);

    /// <inheritdoc/>
    internal override void SumColumns(in ColumnSums sums)
    {
        _workspace.Begin();
        ColumnSum.Run<T>(_workspace, sums);
    }

    /// <inheritdoc/>
    internal override void Activate(in ActivationForward operands) => ActivationKernels.Forward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Activate(in ActivationBackward operands) => ActivationKernels.Backward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void ActivateGated(in GatedActivationForward operands) => GatedActivationKernels.Forward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void ActivateGated(in GatedActivationBackward operands) => GatedActivationKernels.Backward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Normalise(in NormForward operands) => LayerNormKernel.Forward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Normalise(in NormBackward operands)
    {
        _workspace.Begin();
        LayerNormKernel.Backward<T>(_workspace, operands);
    }

    /// <inheritdoc/>
    internal override void NormaliseLengths(in RowLengthForward operands) => RowLengthKernel.Forward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void NormaliseLengths(in RowLengthBackward operands) => RowLengthKernel.Backward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Gather(in RowGather gather) => RowKernels.Gather<T>(Team, gather);

    /// <inheritdoc/>
    internal override void Scatter(in RowScatter scatter) => RowKernels.Scatter<T>(Team, scatter);

    /// <inheritdoc/>
    internal override void Pool(in PoolingForward operands) => PoolingKernels.Forward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Pool(in PoolingBackward operands) => PoolingKernels.Backward<T>(Team, operands);

    /// <inheritdoc/>
    internal override void Unfold(in Unfolding operands) => UnfoldKernels.Forward(Team, operands);

    /// <inheritdoc/>
    internal override void Fold(in Unfolding operands) => UnfoldKernels.Backward(Team, operands);

    /// <inheritdoc/>
    internal override void Loss(in CrossEntropy operands)
    {
        _workspace.Begin();
        CrossEntropyKernel<T>.Run(_workspace, operands);
    }

    /// <inheritdoc/>
    internal override void Loss(in PositionCrossEntropy operands)
    {
        _workspace.Begin();
        CrossEntropyKernel<T>.Run(_workspace, operands);
    }

    /// <inheritdoc/>
    internal override void Loss(in ElementLoss operands)
    {
        _workspace.Begin();
        switch (operands.Kind)
        {
            case ElementLossKind.BinaryCrossEntropy: ElementLossKernel<T, BinaryCrossEntropyElement>.Run(_workspace, operands); break;
            case ElementLossKind.SquaredError: ElementLossKernel<T, SquaredErrorElement>.Run(_workspace, operands); break;
            default: throw new UnreachableException();
        }
    }

    /// <inheritdoc/>
    internal override void Update(in AdamWUpdate update) => AdamWKernel.Run<T>(Team, update);

    /// <inheritdoc/>
    internal override void SumSquares(in SquaredSum operands)
    {
        _workspace.Begin();
        SquaredSumKernel.Run(_workspace, operands);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => _workspace.Dispose();
}

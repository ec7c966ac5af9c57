namespace Atenea.Tensors;

/// <summary>The right-hand matrix of products, B [depth, columns], packed once and used many times. Float32 in native memory.</summary>
public sealed unsafe class PackedMatrix : IDisposable
{
    private readonly nuint _bytes;

    private PackedMatrix(int depth, int columns)
    {
        Depth = depth;
        Columns = columns;
        InstructionSet = Isa.Current;
        _bytes = (nuint)Math.Max(1, Packing.Length(depth, columns)) * sizeof(float);
        Panels = (float*)NativeBlock.Allocate(_bytes);
    }

    /// <summary>Inner dimension: rows of B.</summary>
    public int Depth { get; }

    /// <summary>Columns of B.</summary>
    public int Columns { get; }

    /// <summary>The instruction set whose panel width was used.</summary>
    internal InstructionSet InstructionSet { get; }

    internal float* Panels { get; private set; }

    /// <summary>Packs B given as [depth, columns] row-major.</summary>
    public static PackedMatrix FromRows(Backend backend, ReadOnlySpan<float> b, int depth, int columns)
    {
        var packed = new PackedMatrix(depth, columns);
        fixed (float* source = b) Packing.Plain(backend.Team, source, columns, depth, columns, packed.Panels);
        return packed;
    }

    /// <summary>
    /// Packs B given by the weight of a linear layer: [columns, depth] row-major, or [depth, columns] where it is stored transposed.
    /// </summary>
    internal static PackedMatrix FromWeight(WorkerTeam team, Parameter weight, bool transposed)
    {
        PackedMatrix packed = transposed ? new(weight.Rows, weight.Columns) : new(weight.Columns, weight.Rows);
        packed.Refresh(team, weight, transposed);
        return packed;
    }

    /// <summary>Packs the weight again, after its values changed.</summary>
    internal void Refresh(WorkerTeam team, Parameter weight, bool transposed)
    {
        if (transposed) Packing.Plain(team, weight.Data, weight.Columns, Depth, Columns, Panels);
        else Packing.Transposed(team, weight.Data, weight.Columns, Depth, Columns, Panels);
    }

    /// <summary>Gives the memory back.</summary>
    public void Dispose()
    {
        NativeBlock.Free(Panels, _bytes);
        Panels = null;
    }
}

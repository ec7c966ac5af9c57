namespace Atenea.Tensors;

/// <summary>
/// What a kernel of the processor needs besides its operands: threads, and scratch memory for the length of one primitive.
/// </summary>
internal sealed unsafe class Workspace : IDisposable
{
    private readonly Arena _scratch = new(HostMemory.Instance);

    /// <summary>A workspace with its own threads.</summary>
    /// <param name="threads">Threads, the caller's included; 0 for one per processor.</param>
    public Workspace(int threads) => Team = new WorkerTeam(threads);

    /// <summary>The threads.</summary>
    public WorkerTeam Team { get; }

    /// <summary>Scratch memory of undefined content, the primitive's until it ends.</summary>
    /// <param name="count">Floats.</param>
    public float* Scratch(long count) => _scratch.Take(count);

    /// <summary>Gives scratch memory back before the primitive ends.</summary>
    public void ReturnScratch(float* scratch, long count) => _scratch.Return(new DeviceBuffer((nint)scratch), count);

    /// <summary>Begins a primitive: what earlier ones took is free.</summary>
    public void Begin() => _scratch.Reset();

    /// <inheritdoc/>
    public void Dispose()
    {
        Team.Dispose();
        _scratch.Dispose();
    }
}

namespace Atenea.Tensors.Tests;

/// <summary>Tests that watch the process's native memory: one at a time, and never beside others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class EngineCollection
{
    public const string Name = "engine";
}

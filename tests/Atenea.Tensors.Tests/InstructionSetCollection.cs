namespace Atenea.Tensors.Tests;

/// <summary>Tests that force an instruction set, which is a setting of the whole process: they run by themselves.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstructionSetCollection
{
    public const string Name = "instruction set";
}

namespace Atenea.Models.Tests;

/// <summary>Tests that change or measure something of the whole process.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class AloneCollection
{
    public const string Name = "alone";
}

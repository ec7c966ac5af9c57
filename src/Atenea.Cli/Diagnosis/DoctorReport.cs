namespace Atenea.Cli;

/// <summary>What <c>atenea doctor</c> finds out about the machine and the installation.</summary>
/// <param name="Atenea">Version of this program.</param>
/// <param name="Runtime">Version of .NET.</param>
/// <param name="System">Operating system and architecture.</param>
/// <param name="Processor">Name of the processor.</param>
/// <param name="LogicalProcessors">Processors the program may use, which is the default number of threads.</param>
/// <param name="InstructionSets">Paths that the kernels can take here, slowest first.</param>
/// <param name="InstructionSet">The path that they take.</param>
/// <param name="InstructionSetForcedBy">The environment variable that chose the path, or null.</param>
/// <param name="MemoryTotalBytes">Memory that the program may use.</param>
/// <param name="MemoryAvailableBytes">Memory that is free now, or null where the system does not tell.</param>
/// <param name="Cache">The Hugging Face cache.</param>
/// <param name="EmbeddedModel">The model that comes with Atenea.</param>
internal sealed record DoctorReport(
    string Atenea,
    string Runtime,
    string System,
    string Processor,
    int LogicalProcessors,
    IReadOnlyList<string> InstructionSets,
    string InstructionSet,
    string? InstructionSetForcedBy,
    long MemoryTotalBytes,
    long? MemoryAvailableBytes,
    CacheReport Cache,
    EmbeddedModelReport EmbeddedModel)
{
    /// <summary>Whether everything that a user needs is in order.</summary>
    public bool Healthy => EmbeddedModel.Problem is null;
}

/// <summary>The Hugging Face cache.</summary>
/// <param name="Folder">Where it is, or would be.</param>
/// <param name="Exists">Whether it exists.</param>
/// <param name="Models">Ids of the models in it.</param>
/// <param name="Datasets">Ids of the data sets in it.</param>
internal sealed record CacheReport(string Folder, bool Exists, IReadOnlyList<string> Models, IReadOnlyList<string> Datasets);

/// <summary>The model that comes with Atenea.</summary>
/// <param name="Id">Its hub id.</param>
/// <param name="Folder">Where it was found, or null.</param>
/// <param name="Tensors">Number of tensors in its weights.</param>
/// <param name="Problem">What is wrong with it, or null.</param>
internal sealed record EmbeddedModelReport(string Id, string? Folder, int Tensors, string? Problem);

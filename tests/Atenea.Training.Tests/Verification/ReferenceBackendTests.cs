using Atenea.Tensors.Reference;

namespace Atenea.Training.Tests;

/// <summary>
/// Whole models on the slow reference, which shares no kernel and no memory with the processor's back ends: the proof of the seam.
/// </summary>
public sealed class ReferenceBackendTests
{
    public static TheoryData<string> Cases =>
        [.. Directory.GetDirectories(Golden.File("verify", "cases")).Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Models_and_their_gradients_are_PyTorchs_on_the_reference(string name)
    {
        using var backend = new ReferenceBackend();
        CaseReport report = Verifier.RunCase(Golden.File("verify", "cases", name), backend);
        Assert.True(report.Passed, report.ToText());
    }
}

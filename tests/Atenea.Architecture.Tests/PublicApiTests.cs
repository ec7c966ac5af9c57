using System.Reflection;

namespace Atenea.Architecture.Tests;

/// <summary>
/// What every room offers to others, as text under <c>PublicApi</c>: a change of it is seen when it is read, not when a user's code breaks.
/// <c>ATENEA_UPDATE_API=1 ./test PublicApi</c> writes the files anew.
/// </summary>
public class PublicApiTests
{
    private const string UpdateVariable = "ATENEA_UPDATE_API";

    public static TheoryData<string> Rooms => [.. SourceTree.Rooms.Where(room => room != "Atenea.Cli")];

    [Theory]
    [MemberData(nameof(Rooms))]
    public void Is_the_one_that_was_written_down(string room)
    {
        string path = Path.Combine(References.Repository, "tests", "Atenea.Architecture.Tests", "PublicApi", room + ".txt");
        string actual = PublicApi.Describe(Assembly.Load(room));
        if (Environment.GetEnvironmentVariable(UpdateVariable) == "1") File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing: {UpdateVariable}=1 ./test PublicApi");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    [Fact]
    public void The_command_line_offers_nothing() => Assert.Empty(Assembly.Load("atenea").GetExportedTypes());
}

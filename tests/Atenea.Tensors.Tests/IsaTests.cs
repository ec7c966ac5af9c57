using Atenea.Errors;

namespace Atenea.Tensors.Tests;

[Collection(EngineCollection.Name)]
public sealed class IsaTests
{
    [Fact]
    public void Portable_is_always_there_and_the_best_is_last()
    {
        Assert.Equal(InstructionSet.Portable, Isa.Available[0]);
        Assert.Equal(Isa.Available.Max(), Isa.Available[^1]);
        Assert.Equal(Isa.Available[^1], Isa.FromEnvironment(null));
        Assert.Equal(Isa.Available[^1], Isa.FromEnvironment(""));
    }

    [Theory]
    [InlineData("portable", InstructionSet.Portable)]
    [InlineData(" AVX2 ", InstructionSet.Avx2)]
    [InlineData("avx512", InstructionSet.Avx512)]
    public void Names_choose_a_path_or_say_that_the_processor_lacks_it(string name, InstructionSet set)
    {
        if (Isa.Available.Contains(set)) Assert.Equal(set, Isa.FromEnvironment(name));
        else Assert.Equal("ATN0601", Assert.Throws<AteneaException>(() => Isa.FromEnvironment(name)).Code.Id);
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_known_ones()
    {
        var error = Assert.Throws<AteneaException>(() => Isa.FromEnvironment("sse9"));
        Assert.Equal("ATN0601", error.Code.Id);
        Assert.Contains("sse9", error.Message, StringComparison.Ordinal);
        Assert.Contains("avx512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Force_changes_the_path_of_the_process()
    {
        InstructionSet before = Isa.Current;
        try
        {
            foreach (InstructionSet set in Isa.Available)
            {
                Isa.Force(set);
                Assert.Equal(set, Isa.Current);
            }
        }
        finally
        {
            Isa.Force(before);
        }

        Assert.Throws<AteneaException>(() => Isa.Force((InstructionSet)99));
    }
}

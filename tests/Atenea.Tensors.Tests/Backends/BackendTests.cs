using Atenea.Errors;

namespace Atenea.Tensors.Tests;

public sealed class BackendTests
{
    [Fact]
    public void Portable_is_always_there_and_the_best_is_last()
    {
        Assert.Equal("portable", Backend.Available[0]);
        Assert.Equal(Backend.Available[^1], BackendCatalogue.Find(null).Name);
        Assert.Equal(Backend.Available[^1], BackendCatalogue.Find(" ").Name);
        foreach (string name in Backend.Available)
        {
            using Backend backend = Backend.Create(name, 2);
            Assert.Equal((name, 2), (backend.Name, backend.Threads));
        }
    }

    [Theory]
    [InlineData("portable")]
    [InlineData(" AVX2 ")]
    [InlineData("avx512")]
    public void Names_choose_a_back_end_or_say_that_the_processor_lacks_it(string name)
    {
        if (Backend.Available.Contains(name.Trim().ToLowerInvariant()))
            Assert.Equal(name.Trim().ToLowerInvariant(), BackendCatalogue.Find(name).Name);
        else Assert.Equal("ATN0601", Assert.Throws<AteneaException>(() => BackendCatalogue.Find(name)).Code.Id);
    }

    [Fact]
    public void Unknown_names_are_refused_with_the_known_ones()
    {
        var error = Assert.Throws<AteneaException>(() => Backend.Create("sse9"));
        Assert.Equal("ATN0601", error.Code.Id);
        Assert.Contains("sse9", error.Message, StringComparison.Ordinal);
        Assert.Contains("avx512", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_parameter_serves_tapes_on_every_back_end_in_turn()
    {
        using var weight = new Parameter("w", 40, 40);
        weight.CopyFrom(RandomFloats.Uniform(1600, 1));
        float[] x = RandomFloats.Uniform(5 * 40, 2);
        float[]? expected = null;
        foreach (string name in Backend.Available.Concat(Backend.Available))
        {
            using Backend backend = Backend.Create(name, 1);
            using var tape = new Tape(backend);
            tape.Begin(TapeMode.Inference);
            float[] y = tape.Linear(tape.Input(x, 5, 40), weight, null).ToArray();
            EveryPath.AssertSame(expected ??= y, y, name);
        }
    }

    [Theory]
    [InlineData("Autograd")]
    [InlineData("Operations")]
    [InlineData("Optimization")]
    [InlineData("Backends/Operands")]
    public void What_does_not_compute_holds_no_pointer(string folder)
    {
        string path = Path.Combine(References.Repository, "src", "Atenea.Tensors", folder);
        string[] files = Directory.GetFiles(path, "*.cs", SearchOption.AllDirectories);
        Assert.NotEmpty(files);
        Assert.Empty(files.Where(file => File.ReadAllText(file).Contains("unsafe ", StringComparison.Ordinal)).Select(Path.GetFileName));
    }
}

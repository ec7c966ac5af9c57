using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

/// <summary>Counts the native memory of the whole process, so nothing else may run beside it.</summary>
[Collection(AloneCollection.Name)]
public sealed class MemoryTests
{
    [Fact]
    public void Nothing_is_left_of_a_model_that_was_disposed()
    {
        long before = NativeBlock.LiveBytes;
        using (ModelLoader.New<SequenceClassifier>(Golden.TinyConfig(), seed: 1)) Assert.True(NativeBlock.LiveBytes > before);
        Assert.Equal(before, NativeBlock.LiveBytes);
    }

    [Theory]
    [InlineData("bad-config-vocab-size")]
    [InlineData("bad-config-more-layers")]
    [InlineData("bad-missing-tensor")]
    public void Nothing_is_left_of_a_checkpoint_that_was_refused(string name)
    {
        long before = NativeBlock.LiveBytes;
        Assert.Throws<AteneaException>(() => ModelLoader.Load<SequenceClassifier>(Golden.File("loading", name)));
        Assert.Equal(before, NativeBlock.LiveBytes);
    }

    [Fact]
    public void Nothing_is_left_of_a_model_whose_head_could_not_be_built()
    {
        long before = NativeBlock.LiveBytes;
        ModelConfig config = Golden.TinyConfig(""", "classifier_dropout": 2""");
        Assert.Throws<AteneaException>(() => ModelLoader.New<SequenceClassifier>(config, seed: 1));
        Assert.Equal(before, NativeBlock.LiveBytes);
    }
}

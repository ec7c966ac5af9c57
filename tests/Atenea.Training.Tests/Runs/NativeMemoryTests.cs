using Atenea.Tensors;

namespace Atenea.Training.Tests;

/// <summary>Counts of the whole process: nothing else may run beside these tests.</summary>
[CollectionDefinition("Native memory", DisableParallelization = true)]
public sealed class NativeMemoryGroup;

[Collection("Native memory")]
public class NativeMemoryTests
{
    [Fact]
    public void Nothing_is_left_after_a_run()
    {
        using var tiny = new TinyRun();
        long before = NativeBlock.LiveBytes;
        TrainingRun.Train(tiny.Config(("training.num_train_epochs", "6"), ("training.learning_rate", "0.05"),
            ("training.load_best_model_at_end", "true")));
        Assert.Equal(before, NativeBlock.LiveBytes);
    }

    [Fact]
    public void Nothing_is_left_after_a_run_that_failed()
    {
        using var tiny = new TinyRun();
        long before = NativeBlock.LiveBytes;
        Assert.Throws<Errors.AteneaException>(() => TrainingRun.Train(tiny.Config(("training.learning_rate", "1e30"),
            ("training.max_grad_norm", "0"))));
        Assert.Equal(before, NativeBlock.LiveBytes);
    }

    [Fact]
    public void Nothing_is_left_after_an_optimizer()
    {
        using var parameter = new Parameter("weight", 7, 5);
        using var backend = Backend.Create(threads: 1);
        long before = NativeBlock.LiveBytes;
        new Optimizer(backend, [parameter], new OptimizerSettings()).Dispose();
        Assert.Equal(before, NativeBlock.LiveBytes);
    }
}

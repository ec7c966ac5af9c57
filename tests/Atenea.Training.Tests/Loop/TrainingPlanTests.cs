using Atenea.Errors;

namespace Atenea.Training.Tests;

public class TrainingPlanTests
{
    // Steps as transformers' Trainer makes them: lessons of TweetEval emotion and IMDB, and its rules for the rest.
    [Theory]
    [InlineData(3257, 16, 1, 5, -1, 204, 1020, 5)]
    [InlineData(2000, 16, 1, 2, -1, 125, 250, 2)]
    [InlineData(30, 8, 1, 2, -1, 4, 8, 2)]
    [InlineData(100, 8, 3, 3, -1, 5, 15, 3)]
    [InlineData(100, 8, 3, 2.5, -1, 5, 13, 3)]
    [InlineData(100, 8, 1, 3, 20, 13, 20, 2)]
    public void Steps_and_epochs_follow_from_rows_and_batches(
        int rows, int batch, int accumulation, double epochs, int maxSteps, int perEpoch, int steps, int begun)
    {
        var options = new TrainingOptions
        {
            PerDeviceTrainBatchSize = batch,
            GradientAccumulationSteps = accumulation,
            NumTrainEpochs = epochs,
            MaxSteps = maxSteps,
        };
        TrainingPlan plan = TrainingPlan.Create(options, rows);
        Assert.Equal(perEpoch, plan.StepsPerEpoch);
        Assert.Equal(steps, plan.MaxSteps);
        Assert.Equal(begun, plan.Epochs);
    }

    [Fact]
    public void The_last_step_of_an_epoch_takes_the_micro_batches_that_are_left()
    {
        TrainingPlan plan = TrainingPlan.Create(new TrainingOptions { GradientAccumulationSteps = 3 }, 100); // 13 batches
        Assert.Equal((0, 12, 13), plan.Batches(4));
        Assert.Equal((1, 0, 3), plan.Batches(5));
        Assert.Equal(1, plan.EpochAfter(5));
        Assert.Equal(1 + (3 / 13.0), plan.EpochAfter(6));
    }

    [Fact]
    public void Shares_of_the_run_are_rounded_up()
    {
        var options = new TrainingOptions { MaxSteps = 33, WarmupSteps = 0.06, LoggingSteps = 0.1, SaveSteps = 0.5 };
        TrainingPlan plan = TrainingPlan.Create(options, 100);
        Assert.Equal((2, 4, 4, 17), (plan.WarmupSteps, plan.LoggingSteps, plan.EvalSteps, plan.SaveSteps));
    }

    [Fact]
    public void Evaluations_by_steps_include_the_end_and_respect_the_delay()
    {
        var options = new TrainingOptions { MaxSteps = 10, EvalStrategy = IntervalStrategy.Steps, EvalSteps = 3, EvalDelay = 4 };
        TrainingPlan plan = TrainingPlan.Create(options, 100);
        Assert.Equal([6, 9, 10], Enumerable.Range(1, 10).Where(plan.EvaluatesAfter));
    }

    [Fact]
    public void An_epoch_that_the_end_cuts_off_counts_as_one()
    {
        var options = new TrainingOptions
        {
            MaxSteps = 20,
            EvalStrategy = IntervalStrategy.Epoch,
            SaveStrategy = SaveStrategy.Epoch,
            LoggingStrategy = IntervalStrategy.Epoch,
            LoggingFirstStep = true,
        };
        TrainingPlan plan = TrainingPlan.Create(options, 100);
        Assert.Equal([13, 20], Enumerable.Range(1, 20).Where(plan.EvaluatesAfter));
        Assert.Equal([13, 20], Enumerable.Range(1, 20).Where(plan.SavesAfter));
        Assert.Equal([1, 13, 20], Enumerable.Range(1, 20).Where(plan.LogsAfter));
    }

    [Fact]
    public void Without_a_full_batch_there_is_nothing_to_train_on() =>
        Assert.Equal(Catalogue.NothingToTrainOn, Assert.Throws<AteneaException>(
            () => TrainingPlan.Create(new TrainingOptions { DataloaderDropLast = true }, 7)).Code);
}

using Atenea.Errors;
using Atenea.Hub;
using Atenea.Tensors;

namespace Atenea.Models.Tests;

public sealed class ClassificationLossTests : IDisposable
{
    private readonly Engine _engine = new();

    [Theory]
    [InlineData(null, 1, true, ProblemType.Regression)]
    [InlineData(null, 1, false, ProblemType.Regression)]
    [InlineData(null, 3, true, ProblemType.SingleLabelClassification)]
    [InlineData(null, 3, false, ProblemType.MultiLabelClassification)]
    [InlineData(ProblemType.Regression, 3, true, ProblemType.Regression)]
    [InlineData(ProblemType.MultiLabelClassification, 1, true, ProblemType.MultiLabelClassification)]
    public void The_problem_type_is_resolved_as_transformers_does(
        ProblemType? declared, int labels, bool wholeNumbers, ProblemType expected) =>
        Assert.Equal(expected, ClassificationLoss.Resolve(declared, labels, wholeNumbers));

    [Fact]
    public void Single_label_is_cross_entropy_over_the_sequences_that_count()
    {
        Loss loss = CrossEntropy(0, [1f, 2f, 0f, -1f, 0.5f, 3f], [1, -100]);
        Assert.Equal(1, loss.Count);
        Assert.Equal(-2 + Math.Log(Math.E + Math.Exp(2) + 1), loss.Mean, 1e-6);
    }

    [Fact]
    public void Label_smoothing_mixes_in_the_mean_over_classes()
    {
        double plain = CrossEntropy(0, [1f, 2f, 0f], [1]).Mean, smoothed = CrossEntropy(0.1f, [1f, 2f, 0f], [1]).Mean;
        double logSum = plain + 2;
        Assert.Equal((0.9 * plain) + (0.1 * (logSum - 1)), smoothed, 1e-6);
    }

    [Fact]
    public void Several_labels_and_regression_count_every_output()
    {
        Loss labels = OfNumbers(ProblemType.MultiLabelClassification, [0f, 2f, -1f, 0f], [1f, 0f, 0f, 1f]);
        Assert.Equal(4, labels.Count);
        Assert.Equal((2 * Math.Log(2)) + Math.Log(1 + Math.Exp(2)) + Math.Log(1 + Math.Exp(-1)), labels.Sum, 1e-5);
        Loss regression = OfNumbers(ProblemType.Regression, [0f, 2f, -1f, 0f], [1f, 0f, 0f, 1f]);
        Assert.Equal((4, 7.0), (regression.Count, regression.Sum));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        AssertRefused(() => CrossEntropy(0, [1f, 2f, 0f], [3]), "class id 3");
        AssertRefused(() => CrossEntropy(0, [1f, 2f, 0f], [-1]), "class id -1");
        AssertRefused(() => CrossEntropy(0, [1f, 2f, 0f], [1, 1]), "2 labels for 1");
        AssertRefused(() => OfNumbers(ProblemType.MultiLabelClassification, [1f, 2f], [1f]), "1 labels for 2");
        AssertRefused(() => OfNumbers(ProblemType.Regression, [1f, 2f], [1f]), "1 labels for 2");
        Assert.Throws<ArgumentOutOfRangeException>(() => CrossEntropy(1.5f, [1f, 2f, 0f], [1]));
    }

    [Fact]
    public void Scores_are_softmax_sigmoid_or_the_numbers()
    {
        var scores = new double[3];
        LogitScores.Compute(ProblemType.SingleLabelClassification, [1000f, 1000f, -1000f], scores);
        Assert.Equal([0.5, 0.5, 0], scores);
        LogitScores.Compute(ProblemType.MultiLabelClassification, [0f, 1000f, -1000f], scores);
        Assert.Equal([0.5, 1, 0], scores);
        LogitScores.Compute(ProblemType.Regression, [0.25f, -3f, 7f], scores);
        Assert.Equal([0.25, -3, 7], scores);
        Assert.Equal((1, 0, -1), (LogitScores.ArgMax([1f, 3f, 3f]), LogitScores.ArgMax([2f]), LogitScores.ArgMax<float>([])));
    }

    public void Dispose() => _engine.Dispose();

    private static void AssertRefused(Action action, string named)
    {
        AteneaException error = Assert.Throws<AteneaException>(action);
        Assert.Equal(Catalogue.LabelsDoNotFit, error.Code);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    private Loss CrossEntropy(float smoothing, float[] logits, int[] labels)
    {
        _engine.Tape.Begin(TapeMode.Evaluation);
        return ClassificationLoss.CrossEntropy(_engine.Tape, _engine.Tape.Input(logits, logits.Length / 3, 3), labels, smoothing);
    }

    private Loss OfNumbers(ProblemType problem, float[] logits, float[] targets)
    {
        _engine.Tape.Begin(TapeMode.Evaluation);
        return ClassificationLoss.OfNumbers(_engine.Tape, problem, _engine.Tape.Input(logits, logits.Length / 2, 2), targets);
    }
}

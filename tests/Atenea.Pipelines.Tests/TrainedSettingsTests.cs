using Atenea.Data;

namespace Atenea.Pipelines.Tests;

/// <summary>What a model was trained with decides its answers, unless the options say otherwise.</summary>
public class TrainedSettingsTests
{
    private static readonly string Long = string.Join(' ', Enumerable.Repeat("word", 100)) + " and a very different end";

    [Fact]
    public void A_text_is_cut_where_training_cut_it()
    {
        using var reference = new ReferenceModel("text-classification");
        using var whole = TextClassificationPipeline.Load(reference.Folder);
        new ModelSettings { MaxLength = 8 }.Save(reference.Folder);
        using var trained = TextClassificationPipeline.Load(reference.Folder);
        using var asked = TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions { MaxLength = 64 });
        Assert.Equal(8, trained.MaxLength);
        TextClassification cut = trained.Classify(Long);
        Assert.True(cut.WasTruncated);
        Assert.Equal(8, cut.Tokens);
        Assert.Equal(whole.Classify("word word word word word word").Scores, cut.Scores);
        Assert.Equal(whole.Classify(Long).Scores, asked.Classify(Long).Scores);
        new ModelSettings { MaxLength = 1000 }.Save(reference.Folder);
        using var longer = TextClassificationPipeline.Load(reference.Folder);
        Assert.Equal(64, longer.MaxLength);
    }

    [Fact]
    public void Temperature_flattens_probabilities_and_leaves_outputs()
    {
        using var reference = new ReferenceModel("text-classification");
        using var plain = TextClassificationPipeline.Load(reference.Folder,
            new TextClassificationOptions { Function = ScoreFunction.None });
        new ModelSettings { Temperature = 2.5 }.Save(reference.Folder);
        using var trained = TextClassificationPipeline.Load(reference.Folder);
        using var outputs = TextClassificationPipeline.Load(reference.Folder,
            new TextClassificationOptions { Function = ScoreFunction.None });
        IReadOnlyList<float> logits = plain.Classify("I love it").Scores;
        Assert.Equal(logits, outputs.Classify("I love it").Scores);
        double[] expected = [.. logits.Select(logit => Math.Exp(logit / 2.5))];
        IReadOnlyList<float> scores = trained.Classify("I love it").Scores;
        for (int i = 0; i < scores.Count; i++) Assert.Equal(expected[i] / expected.Sum(), scores[i], 1e-6);
    }

    [Fact]
    public void Classes_hold_above_the_threshold_of_training()
    {
        using var reference = new ReferenceModel("text-classification-multilabel");
        foreach (double threshold in new[] { 0.1, 0.45, 0.55, 0.9 })
        {
            new ModelSettings { Threshold = threshold }.Save(reference.Folder);
            using var trained = TextClassificationPipeline.Load(reference.Folder);
            TextClassification answer = trained.Classify("I love it");
            Assert.Equal(answer.Top().Where(each => each.Score > threshold).Select(each => each.Label), answer.PositiveLabels);
            using var asked = TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions { Threshold = 1e-9 });
            Assert.Equal(asked.Labels.Count, asked.Classify("I love it").PositiveLabels!.Count);
        }
    }

    [Fact]
    public void Columns_of_training_are_read_where_rows_have_them()
    {
        using var reference = new ReferenceModel("text-classification");
        new ModelSettings { Text = "body", TextPair = "reply" }.Save(reference.Folder);
        using var pipeline = TextClassificationPipeline.Load(reference.Folder);
        using TaskPipeline task = PipelineTask.Of(reference.Folder).Load(reference.Folder);
        TextRow[] rows =
        [
            new(new Dictionary<string, string?> { ["text"] = "no", ["body"] = "first", ["reply"] = "second" }),
            new(new Dictionary<string, string?> { ["body"] = "first" }),
            TextRow.Of("first"),
        ];
        IReadOnlyList<float>[] scores = [.. task.Answer(rows).Select(each => ((TextClassification)each.Answer).Scores)];
        Assert.Equal(pipeline.Classify(new TextInput("first", "second")).Scores, scores[0]);
        Assert.Equal(pipeline.Classify("first").Scores, scores[1]);
        Assert.Equal(scores[1], scores[2]);
    }
}

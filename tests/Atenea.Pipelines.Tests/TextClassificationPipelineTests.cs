using System.Text.Json;
using Atenea.Errors;
using Atenea.Hub;

namespace Atenea.Pipelines.Tests;

public class TextClassificationPipelineTests
{
    // The reference is float64 arithmetic. PyTorch in float32 differs from it by up to 1.9e-6 on these logits; as for every tensor of the
    // reference data, ten times PyTorch's own error is allowed.
    private const double Tolerance = 1.9e-5;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Single_label_answers_are_those_of_transformers()
    {
        using var reference = new ReferenceModel("text-classification");
        foreach (JsonElement expected in reference.Expected.GetProperty("cases").EnumerateArray())
        {
            JsonElement arguments = expected.GetProperty("kwargs");
            using TextClassificationPipeline pipeline = Load(reference, arguments);
            int count = TopK(arguments);
            IReadOnlyList<TextClassification> batch = pipeline.Classify(reference.Texts);
            for (int i = 0; i < batch.Count; i++)
            {
                AssertScores(expected.GetProperty("single")[i], pipeline.Classify(reference.Texts[i]), count);
                AssertScores(expected.GetProperty("batch_of_all")[i], batch[i], count);
            }

            JsonElement pairs = reference.Expected.GetProperty("pairs");
            for (int i = 0; i < pairs.GetArrayLength(); i++)
            {
                var pair = new TextInput(pairs[i][0].GetString()!, pairs[i][1].GetString());
                AssertScores(expected.GetProperty("pairs")[i], pipeline.Classify(pair), count);
            }
        }
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Multi_label_answers_are_those_of_transformers()
    {
        using var reference = new ReferenceModel("text-classification-multilabel");
        foreach (JsonElement expected in reference.Expected.GetProperty("cases").EnumerateArray())
        {
            using TextClassificationPipeline pipeline = Load(reference, expected.GetProperty("kwargs"));
            Assert.Equal(ScoreFunction.Sigmoid, pipeline.Function);
            IReadOnlyList<TextClassification> answers = pipeline.Classify(reference.Texts);
            for (int i = 0; i < answers.Count; i++)
                AssertScores(expected.GetProperty("out")[i], answers[i], TopK(expected.GetProperty("kwargs")));
        }
    }

    [Theory]
    [InlineData(1, 16, 3)]
    [InlineData(2, 64, 100)]
    [InlineData(3, 100_000, 7)]
    public void Answers_have_the_same_bits_in_any_batch_window_and_number_of_threads(int threads, int batchTokens, int window)
    {
        using var reference = new ReferenceModel("text-classification");
        IReadOnlyList<TextInput> texts = [.. Enumerable.Range(0, 40).Select(i => Mixed(reference.Texts, i))];
        using var alone = TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions { Threads = 1 });
        using var together = TextClassificationPipeline.Load(reference.Folder,
            new TextClassificationOptions { Threads = threads, BatchTokens = batchTokens, WindowTexts = window });
        TextClassification[] streamed = [.. together.ClassifyStream(texts)];
        Assert.Equal(texts.Count, streamed.Length);
        for (int i = 0; i < texts.Count; i++) Assert.Equal(alone.Classify(texts[i]).Scores, streamed[i].Scores);
    }

    [Fact]
    public void A_stream_is_read_no_further_than_the_window()
    {
        using var reference = new ReferenceModel("text-classification");
        using var pipeline = TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions { WindowTexts = 4 });
        int read = 0;
        IEnumerable<TextInput> Endless()
        {
            while (true)
            {
                read++;
                yield return "again and again";
            }
        }

        Assert.Equal(9, pipeline.ClassifyStream(Endless()).Take(9).Count());
        Assert.Equal(12, read);
    }

    [Fact]
    public void No_texts_give_no_answers()
    {
        using var reference = new ReferenceModel("text-classification");
        using var pipeline = TextClassificationPipeline.Load(reference.Folder);
        Assert.Empty(pipeline.Classify([]));
        Assert.Empty(pipeline.ClassifyStream([]));
        Assert.Equal(2, pipeline.Classify("").Tokens); // [CLS] [SEP]
    }

    [Fact]
    public void A_text_longer_than_the_model_is_cut_and_says_so()
    {
        using var reference = new ReferenceModel("text-classification");
        using var pipeline = TextClassificationPipeline.Load(reference.Folder);
        Assert.Equal(64, pipeline.MaxLength);
        TextClassification cut = pipeline.Classify(string.Join(' ', Enumerable.Repeat("word", 100)));
        Assert.Equal(64, cut.Tokens);
        Assert.Equal(38, cut.TruncatedTokens);
        Assert.Equal(pipeline.Classify(string.Join(' ', Enumerable.Repeat("word", 62))).Scores, cut.Scores);
        Assert.Equal(0, pipeline.Classify("short").TruncatedTokens);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(65)]
    public void A_length_that_the_model_cannot_have_is_refused(int length)
    {
        using var reference = new ReferenceModel("text-classification");
        AteneaException error = Assert.Throws<AteneaException>(() =>
            TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions { MaxLength = length }));
        Assert.Equal("ATN0506", error.Code.Id);
    }

    [Fact]
    public void A_model_without_a_trained_head_is_refused()
    {
        AteneaException error = Assert.Throws<AteneaException>(() => TextClassificationPipeline.Load(ModelLocator.EmbeddedName));
        Assert.Equal("ATN0551", error.Code.Id);
        Assert.Contains("classifier", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Threads_may_share_a_pipeline()
    {
        using var reference = new ReferenceModel("text-classification");
        using var pipeline = TextClassificationPipeline.Load(reference.Folder);
        IReadOnlyList<TextClassification> expected = pipeline.Classify(reference.Texts);
        Parallel.For(0, 24, i => Assert.Equal(expected[i % 6].Scores, pipeline.Classify(reference.Texts[i % 6]).Scores));
    }

    [Theory]
    [InlineData(null, 1, ScoreFunction.Sigmoid)]
    [InlineData(null, 3, ScoreFunction.Softmax)]
    [InlineData(ProblemType.Regression, 1, ScoreFunction.None)]
    [InlineData(ProblemType.Regression, 3, ScoreFunction.None)]
    [InlineData(ProblemType.MultiLabelClassification, 3, ScoreFunction.Sigmoid)]
    [InlineData(ProblemType.SingleLabelClassification, 3, ScoreFunction.Softmax)]
    public void Outputs_become_scores_as_in_transformers(ProblemType? problem, int labels, ScoreFunction expected) =>
        Assert.Equal(expected, Scores.FunctionFor(problem, labels));

    private static TextClassificationPipeline Load(ReferenceModel reference, JsonElement arguments) =>
        TextClassificationPipeline.Load(reference.Folder, new TextClassificationOptions
        {
            Function = arguments.TryGetProperty("function_to_apply", out JsonElement function)
                ? Enum.Parse<ScoreFunction>(function.GetString()!, ignoreCase: true)
                : null,
        });

    private static int TopK(JsonElement arguments)
    {
        if (!arguments.TryGetProperty("top_k", out JsonElement count)) return 1;
        return count.ValueKind == JsonValueKind.Null ? int.MaxValue : count.GetInt32();
    }

    private static void AssertScores(JsonElement expected, TextClassification answer, int count)
    {
        JsonElement[] scores = expected.ValueKind == JsonValueKind.Array ? [.. expected.EnumerateArray()] : [expected];
        IReadOnlyList<LabelScore> top = answer.Top(count);
        Assert.Equal(scores.Length, top.Count);
        for (int i = 0; i < scores.Length; i++)
        {
            Assert.Equal(scores[i].GetProperty("label").GetString(), top[i].Label);
            Assert.Equal(scores[i].GetProperty("score").GetDouble(), top[i].Score, Tolerance);
        }

        Assert.Equal(top[0], new LabelScore(answer.Label, answer.Score));
    }

    private static TextInput Mixed(IReadOnlyList<TextInput> texts, int i) => i % 3 == 0
        ? new TextInput(texts[i % texts.Count].Text, texts[(i + 1) % texts.Count].Text)
        : new TextInput(string.Join(' ', Enumerable.Repeat(texts[i % texts.Count].Text, 1 + (i % 4))));
}

using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Pipelines.Tests;

public class ZeroShotClassificationPipelineTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Answers_are_those_of_transformers()
    {
        using var reference = new ReferenceModel("zero-shot-classification");
        using var pipeline = ZeroShotClassificationPipeline.Load(reference.Folder);
        foreach (JsonElement expected in reference.Expected.EnumerateArray())
        {
            JsonElement arguments = expected.GetProperty("kwargs");
            JsonElement candidates = arguments.GetProperty("candidate_labels");
            string[] labels = candidates.ValueKind == JsonValueKind.String
                ? candidates.GetString()!.Split(',', StringSplitOptions.TrimEntries)
                : [.. candidates.EnumerateArray().Select(label => label.GetString()!)];
            bool isMultiLabel = arguments.TryGetProperty("multi_label", out JsonElement several) && several.GetBoolean();
            var options = new ZeroShotOptions { MultiLabel = isMultiLabel };
            if (arguments.TryGetProperty("hypothesis_template", out JsonElement template))
                options = options with { HypothesisTemplate = template.GetString()! };
            ZeroShotClassification answer = pipeline.Classify(expected.GetProperty("text").GetString()!, labels, options);

            JsonElement wanted = expected.GetProperty("out");
            Assert.Equal(wanted.GetProperty("sequence").GetString(), answer.Sequence);
            Assert.Equal(wanted.GetProperty("labels").EnumerateArray().Select(label => label.GetString()), answer.Labels);
            for (int i = 0; i < labels.Length; i++) Assert.Equal(wanted.GetProperty("scores")[i].GetDouble(), answer.Scores[i], Tolerance);
        }
    }

    [Fact]
    public void A_stream_gives_the_answers_of_single_texts()
    {
        using var reference = new ReferenceModel("zero-shot-classification");
        using var pipeline = ZeroShotClassificationPipeline.Load(reference.Folder,
            new PipelineOptions { WindowTexts = 2, BatchTokens = 40 });
        string[] texts = ["I love this film!", "The battery died.", "Meh."], labels = ["sports", "politics"];
        ZeroShotClassification[] streamed = [.. pipeline.ClassifyStream(texts, labels)];
        for (int i = 0; i < texts.Length; i++)
        {
            Assert.Equal(pipeline.Classify(texts[i], labels).Scores, streamed[i].Scores);
            Assert.Equal(texts[i], streamed[i].Sequence);
        }
    }

    [Fact]
    public void What_cannot_be_asked_is_refused()
    {
        using var reference = new ReferenceModel("zero-shot-classification");
        using var pipeline = ZeroShotClassificationPipeline.Load(reference.Folder);
        Assert.Equal("ATN0555", Assert.Throws<AteneaException>(() => pipeline.Classify("text", [])).Code.Id);
        var options = new ZeroShotOptions { HypothesisTemplate = "no place" };
        Assert.Equal("ATN0555", Assert.Throws<AteneaException>(() => pipeline.Classify("text", ["a"], options)).Code.Id);
        using var emotions = new ReferenceModel("text-classification");
        Assert.Equal("ATN0554", Assert.Throws<AteneaException>(() => ZeroShotClassificationPipeline.Load(emotions.Folder)).Code.Id);
    }
}

using System.Text.Json;
using Atenea.Errors;

namespace Atenea.Pipelines.Tests;

public class FillMaskPipelineTests
{
    private const double Tolerance = 1e-5;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Answers_are_those_of_transformers()
    {
        using var reference = new ReferenceModel("fill-mask");
        using var pipeline = FillMaskPipeline.Load(reference.Folder);
        foreach (JsonElement expected in reference.Expected.EnumerateArray())
        {
            string text = expected.GetProperty("text").GetString()!;
            JsonElement arguments = expected.GetProperty("kwargs");
            int count = arguments.TryGetProperty("top_k", out JsonElement k) ? k.GetInt32() : 5;
            string[]? targets = arguments.TryGetProperty("targets", out JsonElement list)
                ? [.. list.EnumerateArray().Select(t => t.GetString()!)]
                : null;
            if (!expected.TryGetProperty("out", out JsonElement answers))
            {
                Assert.Equal("ATN0552", Assert.Throws<AteneaException>(() => pipeline.Fill(text, count, targets)).Code.Id);
                continue;
            }

            MaskFillings fillings = pipeline.Fill(text, count, targets);
            bool several = answers[0].ValueKind == JsonValueKind.Array;
            Assert.Equal(several ? answers.GetArrayLength() : 1, fillings.Count);
            for (int i = 0; i < fillings.Count; i++) AssertFillings(several ? answers[i] : answers, fillings[i]);
        }
    }

    [Fact]
    public void A_batch_and_a_stream_give_the_answers_of_single_texts()
    {
        using var reference = new ReferenceModel("fill-mask");
        using var pipeline = FillMaskPipeline.Load(reference.Folder, new PipelineOptions { WindowTexts = 2, BatchTokens = 16 });
        string[] texts = ["[MASK] is a city.", "The [MASK] sat on the [MASK] today.", "[MASK]", "One [MASK] more."];
        IReadOnlyList<IReadOnlyList<IReadOnlyList<MaskFilling>>> together = pipeline.Fill(texts, 3);
        Assert.Equal(together, pipeline.FillStream(texts, 3));
        for (int i = 0; i < texts.Length; i++) Assert.Equal(pipeline.Fill(texts[i], 3), together[i]);
    }

    [Fact]
    public void Targets_that_are_no_words_and_masks_beyond_the_longest_sequence_are_refused()
    {
        using var reference = new ReferenceModel("fill-mask");
        using var pipeline = FillMaskPipeline.Load(reference.Folder);
        Assert.Equal("ATN0553", Assert.Throws<AteneaException>(() => pipeline.Fill("[MASK]", 5, [])).Code.Id);
        Assert.Equal("ATN0553", Assert.Throws<AteneaException>(() => pipeline.Fill("[MASK]", 5, [" "])).Code.Id);
        string far = string.Concat(Enumerable.Repeat("word ", 100)) + "[MASK]";
        AteneaException error = Assert.Throws<AteneaException>(() => pipeline.Fill(far));
        Assert.Contains("within its first 64 tokens", error.Message, StringComparison.Ordinal);
    }

    private static void AssertFillings(JsonElement expected, IReadOnlyList<MaskFilling> fillings)
    {
        Assert.Equal(expected.GetArrayLength(), fillings.Count);
        for (int i = 0; i < fillings.Count; i++)
        {
            Assert.Equal(expected[i].GetProperty("token").GetInt32(), fillings[i].Token);
            Assert.Equal(expected[i].GetProperty("token_str").GetString(), fillings[i].TokenText);
            Assert.Equal(expected[i].GetProperty("sequence").GetString(), fillings[i].Sequence);
            Assert.Equal(expected[i].GetProperty("score").GetDouble(), fillings[i].Score, Tolerance);
        }
    }
}

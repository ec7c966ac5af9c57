using System.Text.Json;

namespace Atenea.Pipelines.Tests;

public class TokenClassificationPipelineTests
{
    // Ten times PyTorch float32's own error on these probabilities, as for every tensor of the reference data.
    private const double Tolerance = 1e-5;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Answers_are_those_of_transformers_for_every_strategy()
    {
        using var reference = new ReferenceModel("token-classification");
        TokenInput[] texts = [.. reference.Expected.GetProperty("texts").EnumerateArray()
            .Select(text => TokenInput.FromString(text.GetString()!))];
        foreach (JsonElement expected in reference.Expected.GetProperty("cases").EnumerateArray())
        {
            var options = new TokenClassificationOptions
            {
                Aggregation = Enum.Parse<AggregationStrategy>(expected.GetProperty("aggregation_strategy").GetString()!, ignoreCase: true),
                IgnoreLabels = [.. expected.GetProperty("ignore_labels").EnumerateArray().Select(label => label.GetString()!)],
            };
            using var pipeline = TokenClassificationPipeline.Load(reference.Folder, options);
            IReadOnlyList<IReadOnlyList<TokenEntity>> together = pipeline.Classify(texts);
            for (int i = 0; i < texts.Length; i++)
            {
                AssertEntities(expected.GetProperty("out")[i], together[i], texts[i].Text);
                Assert.Equal(together[i], pipeline.Classify(texts[i]));
            }
        }
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void A_long_text_is_read_in_windows_whose_overlaps_are_settled()
    {
        using var reference = new ReferenceModel("token-classification");
        foreach (JsonElement expected in reference.Expected.GetProperty("long_with_stride").EnumerateArray())
        {
            string text = expected.GetProperty("text").GetString()!;
            using var pipeline = TokenClassificationPipeline.Load(reference.Folder,
                new TokenClassificationOptions { Stride = expected.GetProperty("stride").GetInt32() });
            AssertEntities(expected.GetProperty("out"), pipeline.Classify(text), text);
        }
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Words_that_were_split_before_keep_their_places_in_the_joined_text()
    {
        using var reference = new ReferenceModel("token-classification");
        using var pipeline = TokenClassificationPipeline.Load(reference.Folder);
        foreach (JsonElement expected in reference.Expected.GetProperty("pretokenised").EnumerateArray())
        {
            TokenInput input = TokenInput.FromWords([.. expected.GetProperty("words").EnumerateArray().Select(word => word.GetString()!)]);
            AssertEntities(expected.GetProperty("out")[0], pipeline.Classify(input), input.Text);
        }
    }

    [Fact]
    public void A_stream_gives_the_answers_of_a_batch()
    {
        using var reference = new ReferenceModel("token-classification");
        using var pipeline = TokenClassificationPipeline.Load(reference.Folder,
            new TokenClassificationOptions { WindowTexts = 2, BatchTokens = 20 });
        TokenInput[] texts = ["John Smith lives here.", "", "Copenhagen", "the European Central Bank in Frankfurt", "😀"];
        Assert.Equal(pipeline.Classify(texts), pipeline.ClassifyStream(texts));
        Assert.Empty(pipeline.Classify(""));
    }

    private static void AssertEntities(JsonElement expected, IReadOnlyList<TokenEntity> entities, string text)
    {
        Assert.Equal(expected.GetArrayLength(), entities.Count);
        for (int i = 0; i < entities.Count; i++)
        {
            JsonElement one = expected[i];
            TokenEntity entity = entities[i];
            bool group = one.TryGetProperty("entity_group", out JsonElement label);
            Assert.Equal((group ? label : one.GetProperty("entity")).GetString(), entity.Label);
            Assert.Equal(group, entity.IsGroup);
            if (!group) Assert.Equal(one.GetProperty("index").GetInt32(), entity.Index);
            Assert.Equal(one.GetProperty("word").GetString(), entity.Word);
            Assert.Equal(one.GetProperty("start").GetInt32(), CodePoints(text, entity.Start));
            Assert.Equal(one.GetProperty("end").GetInt32(), CodePoints(text, entity.End));
            Assert.Equal(one.GetProperty("score").GetDouble(), entity.Score, Tolerance);
        }
    }

    // The reference counts code points, .NET counts UTF-16 units.
    private static int CodePoints(string text, int units) => text[..units].EnumerateRunes().Count();
}

using System.Text.Json;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Models;

namespace Atenea.Training.Tests;

public sealed class MaskedLanguageTaskTests
{
    private const int Mask = 103, Vocabulary = 30522;

    [Fact]
    [Trait("Data", "Goldens")]
    public void Texts_one_after_another_are_cut_into_the_reference_s_blocks()
    {
        using JsonDocument golden = Read("group_texts.json"), texts = Read("mlm.json");
        string[] rows = texts.RootElement.GetProperty("example_seed42").GetProperty("texts").Texts()!;
        foreach (JsonElement each in golden.RootElement.EnumerateArray())
        {
            TrainingTask task = TaskFixture.Create("masked-lm", ("data.max_length", $"{each.GetProperty("block_size")}"));
            FeatureSet blocks = task.Encode(Rows(rows));
            int[][] expected = [.. each.GetProperty("blocks").EnumerateArray().Select(block => block.Integers())];
            Assert.Equal(expected, Enumerable.Range(0, blocks.Count).Select(block => blocks.Ids(block).ToArray()));
        }
    }

    [Fact]
    [Trait("Data", "Goldens")]
    public void Words_are_the_reference_s()
    {
        using JsonDocument golden = Read("mlm.json");
        TrainingTask task = TaskFixture.Create("fill-mask", ("data.line_by_line", "true"));
        foreach (JsonElement each in golden.RootElement.GetProperty("whole_word").EnumerateArray())
        {
            int[] words = each.GetProperty("word_group_of_token_offset_rule").Integers();
            int[] expected = [.. words.Select((word, i) =>
                word < 0 ? TokenMasking.Special : i > 0 && words[i - 1] == word ? TokenMasking.WordRest : TokenMasking.WordStart)];
            Assert.Equal(expected, task.Encode(Rows(each.GetProperty("text").GetString()!)).Marks(0).ToArray());
        }
    }

    [Theory]
    [InlineData(0.15, 0.8, 0.1)]
    [InlineData(0.3, 0.8, 0.1)]
    [InlineData(0.15, 1, 0)]
    [InlineData(0.15, 0.8, 0)]
    public void As_many_tokens_are_hidden_as_asked_for_and_no_special_one(double probability, double mask, double random)
    {
        var masking = new TokenMasking(probability, mask, random, wholeWords: false, Mask, Vocabulary);
        const int tokens = 500, features = 200;
        int[] original = [.. Enumerable.Range(0, tokens).Select(i => i % 10 == 0 ? 101 : 1000 + i)];
        int[] marks = [.. Enumerable.Range(0, tokens).Select(i => i % 10 == 0 ? TokenMasking.Special : TokenMasking.WordStart)];
        int chosen = 0, masked = 0, unchanged = 0;
        var labels = new int[tokens];
        for (int feature = 0; feature < features; feature++)
        {
            int[] ids = [.. original];
            masking.Apply(ids, labels, marks, MaskingKey.Of(42, 0, feature));
            for (int i = 0; i < tokens; i++)
            {
                if (labels[i] == ClassificationLoss.Ignored)
                {
                    Assert.Equal(original[i], ids[i]);
                    continue;
                }

                Assert.NotEqual(TokenMasking.Special, marks[i]);
                Assert.Equal(original[i], labels[i]);
                Assert.InRange(ids[i], 0, Vocabulary - 1);
                chosen++;
                masked += ids[i] == Mask ? 1 : 0;
                unchanged += ids[i] == original[i] ? 1 : 0;
            }
        }

        // Five standard deviations of a binomial distribution.
        Near(probability, chosen, features * tokens * 9 / 10);
        Near(mask, masked, chosen);
        Near(1 - mask - random, unchanged, chosen);
    }

    [Fact]
    public void Whole_words_are_hidden_as_one()
    {
        var masking = new TokenMasking(0.3, 1, 0, wholeWords: true, Mask, Vocabulary);
        int[] marks = [0, .. Enumerable.Range(0, 300).Select(i => i % 3 == 0 ? TokenMasking.WordStart : TokenMasking.WordRest), 0];
        int[] ids = new int[marks.Length], labels = new int[marks.Length];
        masking.Apply(ids, labels, marks, MaskingKey.Of(1, 2, 3));
        for (int word = 1; word < 300; word += 3)
            Assert.Single(labels[word..(word + 3)].Select(label => label == ClassificationLoss.Ignored).Distinct());
        Assert.Contains(Mask, ids);
    }

    [Fact]
    public void What_is_hidden_depends_on_seed_epoch_and_feature_alone_and_is_fixed_in_evaluation()
    {
        string[] texts =
            [.. Enumerable.Range(0, 40).Select(i => $"the quick brown fox number {i} jumps over the lazy dog near the riverbank")];
        TrainingTask task = TaskFixture.Create("fill-mask", ("data.line_by_line", "true"));
        TrainingTask other = TaskFixture.Create("fill-mask", ("data.line_by_line", "true"), ("training.seed", "7"));
        FeatureSet features = task.Encode(Rows(texts));
        string Hidden(TrainingTask from, int feature, int? epoch) => string.Join(' ', TaskFixture.Fill(from, features, feature, epoch).Ids);
        string All(TrainingTask from, int? epoch) => string.Join('\n', Enumerable.Range(0, 40).Select(f => Hidden(from, f, epoch)));
        Assert.Equal(Hidden(task, 17, 0), All(task, 0).Split('\n')[17]);
        Assert.NotEqual(All(task, 0), All(task, 1));
        Assert.NotEqual(All(task, 0), All(other, 0));
        Assert.Equal(All(task, null), All(other, null));
        Assert.NotEqual(All(task, null), All(task, 0));

        var together = new InputBatch();
        var labels = new ModelLabels();
        task.Fill(together, labels, features, [5, 17], 3);
        Assert.Equal(Hidden(task, 17, 3), string.Join(' ', together.Ids.ToArray()[features.Lengths[5]..]));
        Assert.Equal(together.Tokens, labels.Ids(ModelLabels.Usual).Length);
    }

    [Fact]
    public void Texts_without_a_word_are_left_out()
    {
        TrainingTask task = TaskFixture.Create("fill-mask");
        Assert.Equal(2, task.Learn(Rows("one", " ", "", "two")).Count);
        Assert.Equal(Catalogue.TextsEmpty, Assert.Throws<AteneaException>(() => task.Learn(Rows("", " "))).Code);
    }

    [Fact]
    public void Shares_of_more_than_all_are_refused() => Assert.Equal(Catalogue.ConfigConflict, Assert.Throws<AteneaException>(
        () => TaskFixture.Create("fill-mask", ("data.mask_replace_prob", "0.8"), ("data.random_replace_prob", "0.3"))).Code);

    private static void Near(double share, int found, int of) =>
        Assert.True(Math.Abs(found - (share * of)) <= 5 * Math.Sqrt((share * (1 - share) * of) + 1), $"{found} of {of}, expected {share}");

    private static Dataset Rows(params string[] texts) => Dataset.FromColumns("rows", [("text", texts)]);

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(Golden.Reference("collators", file)));
}

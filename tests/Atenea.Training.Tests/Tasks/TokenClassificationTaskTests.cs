using System.Text.Json;
using Atenea.Data;
using Atenea.Errors;
using Atenea.Models;

namespace Atenea.Training.Tests;

public sealed class TokenClassificationTaskTests
{
    [Theory]
    [InlineData("false", "labels_first_subtoken")]
    [InlineData("true", "labels_all_subtokens_B_to_I")]
    [Trait("Data", "Goldens")]
    public void Pieces_have_the_labels_of_their_words(string all, string expected)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Golden.Reference("collators", "token_classification.json")));
        IEnumerable<JsonProperty> known = golden.RootElement.GetProperty("label2id").EnumerateObject();
        string[] labels = [.. known.OrderBy(p => p.Value.GetInt32()).Select(p => p.Name)];
        JsonElement[] examples = [.. golden.RootElement.GetProperty("examples").EnumerateArray()];
        TrainingTask task = TaskFixture.Create("token-classification", ("data.label_all_tokens", all));
        Dataset rows = Rows([.. examples.Select(e => (e.GetProperty("words").Texts()!, e.GetProperty("tags").Texts()!))]);
        FeatureSet features = task.Encode(task.Learn(rows));
        Assert.Equal(labels, task.Labels);
        for (int i = 0; i < examples.Length; i++)
        {
            (int[] ids, int[] found) = TaskFixture.Fill(task, features, i);
            Assert.Equal(examples[i].GetProperty("input_ids").Integers(), ids);
            Assert.Equal(examples[i].GetProperty(expected).Integers(), found);
        }
    }

    [Fact]
    public void A_word_that_is_in_two_windows_counts_once()
    {
        string[] words = [.. Enumerable.Range(0, 40).Select(i => i % 3 == 0 ? "antidisestablishmentarianism" : "word")];
        string[] tags = [.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? "B-X" : "I-X")];
        TrainingTask task = TaskFixture.Create("token-classification", ("data.max_length", "32"), ("data.stride", "12"));
        FeatureSet features = task.Encode(task.Learn(Rows((words, tags))));
        Assert.InRange(features.Count, 4, 20);
        Assert.Equal(0, features.TruncatedRows);
        Assert.All(Enumerable.Range(0, features.Count), f => Assert.Equal(0, features.Row(f)));
        var counted = new List<int>();
        for (int f = 0; f < features.Count; f++)
        {
            Assert.InRange(features.Lengths[f], 3, 32);
            counted.AddRange(TaskFixture.Fill(task, features, f).Labels.Where(label => label != ClassificationLoss.Ignored));
        }

        Assert.Equal([.. tags.Select(tag => tag == "B-X" ? 0 : 1)], counted);
    }

    [Fact]
    public void A_sentence_that_is_too_long_is_cut_and_counted()
    {
        TrainingTask task = TaskFixture.Create("token-classification", ("data.max_length", "8"));
        FeatureSet features = task.Encode(task.Learn(Rows(
            ([.. Enumerable.Repeat("word", 20)], [.. Enumerable.Repeat("O", 20)]), (["a", "b"], ["O", "B-X"]))));
        Assert.Equal([8, 4], features.Lengths);
        Assert.Equal(1, features.TruncatedRows);
    }

    [Fact]
    public void Class_numbers_stand_for_the_names_of_their_classes()
    {
        TrainingTask task = TaskFixture.Create("token-classification", ("data.labels", "[O, B-X]"), ("data.label", "ner_tags"));
        Dataset rows = Dataset.FromColumns("rows", [("tokens", ["[\"a\", \"b\"]"]), ("ner_tags", ["[1, 0]"])]);
        FeatureSet features = task.Encode(task.Learn(rows));
        Assert.Equal([-100, 1, 0, -100], TaskFixture.Fill(task, features, 0).Labels);
    }

    [Fact]
    public void Bad_rows_are_coded_errors()
    {
        TrainingTask task = TaskFixture.Create("token-classification", ("data.labels", "[O, B-X]"));
        AteneaException uneven = Assert.Throws<AteneaException>(() => Encode(task, (["a", "b"], ["O"])));
        Assert.Equal((Catalogue.LabelInvalid, "rows: line 1"), (uneven.Code, uneven.Where));
        Assert.Equal(Catalogue.LabelUnknown, Assert.Throws<AteneaException>(() => Encode(task, (["a", "b"], ["O", "B-Y"]))).Code);
        Assert.Equal(Catalogue.TextsEmpty, Assert.Throws<AteneaException>(() => Encode(task, ([], []))).Code);
        TrainingTask free = TaskFixture.Create("token-classification");
        Assert.Equal(Catalogue.OneClassOnly, Assert.Throws<AteneaException>(() => Encode(free, (["a", "b"], ["O", "O"]))).Code);
    }

    private static FeatureSet Encode(TrainingTask task, params (string[] Words, string[] Tags)[] sentences) =>
        task.Encode(task.Learn(Rows(sentences)));

    private static Dataset Rows(params (string[] Words, string[] Tags)[] sentences) => Dataset.FromColumns("rows",
    [
        ("tokens", [.. sentences.Select(s => TaskFixture.Json(s.Words))]),
        ("tags", [.. sentences.Select(s => TaskFixture.Json(s.Tags))]),
    ]);
}

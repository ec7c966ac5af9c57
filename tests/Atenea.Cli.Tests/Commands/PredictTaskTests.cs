using System.Text.Json;
using Atenea.Models;
using Atenea.Pipelines;

namespace Atenea.Cli.Tests;

/// <summary>
/// The tasks of <c>predict</c> besides text classification; the pipelines' own tests compare the answers with transformers'.
/// </summary>
public sealed class PredictTaskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_models_class_says_what_to_do_and_places_are_code_points()
    {
        string model = TinyModel.Write<TokenClassifier>(_folder.File("model"), ["O", "B-PER"]);
        using var pipeline = TokenClassificationPipeline.Load(model,
            new TokenClassificationOptions { Aggregation = AggregationStrategy.None, IgnoreLabels = [] });
        const string Text = "😀 John Smith";
        JsonElement answer = Atenea.Run(
            "predict", model, "--text", Text, "--aggregation", "none", "--ignore-labels", "none-of-them", "--json").Json;
        TokenClassification expected = pipeline.Classify(Text);
        Assert.Equal(expected.Count, answer.GetArrayLength());
        for (int i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].Label, answer[i].GetProperty("entity").GetString());
            Assert.Equal(expected[i].Word, answer[i].GetProperty("word").GetString());
            Assert.Equal(expected[i].Index, answer[i].GetProperty("index").GetInt32());
            // The face is two units and one code point.
            Assert.Equal(Math.Max(0, expected[i].Start - 1), answer[i].GetProperty("start").GetInt32());
        }

        string file = _folder.Write("words.jsonl", """{"tokens": ["John", "Smith-Jones"]}""" + "\n");
        JsonElement words = Atenea.Run(
            "predict", model, "--input", file, "--column", "tokens", "--aggregation", "first", "--ignore-labels", "X").Json;
        Assert.Equal(0, words[0].GetProperty("start").GetInt32());
        Assert.Equal("John Smith-Jones".Length, words[words.GetArrayLength() - 1].GetProperty("end").GetInt32());
    }

    [Fact]
    public void Masks_are_filled_one_list_per_mask()
    {
        string model = TinyModel.Write<MaskedLanguageModel>(_folder.File("model"));
        Outcome outcome = Atenea.Run("predict", model, "--text", "a [MASK] day", "two [MASK] and [MASK]", "--top-k", "2", "--json");
        outcome.AssertSuccess();
        JsonElement one = JsonDocument.Parse(outcome.Lines[0]).RootElement, two = JsonDocument.Parse(outcome.Lines[1]).RootElement;
        Assert.Equal(2, one.GetArrayLength());
        Assert.Equal(2, two.GetArrayLength());
        Assert.Equal(2, two[1].GetArrayLength());
        Assert.Contains("day", one[0].GetProperty("sequence").GetString(), StringComparison.Ordinal);
        Outcome targets = Atenea.Run("predict", model, "--text", "a [MASK] day", "--targets", "good", "bad");
        targets.AssertSuccess();
        Assert.Contains("good", targets.Output, StringComparison.Ordinal);
        Atenea.Run("predict", model, "--text", "no mask").AssertRefused("ATN0552");
    }

    [Fact]
    public void Questions_come_from_the_command_line_or_a_file()
    {
        string model = TinyModel.Write<QuestionAnsweringModel>(_folder.File("model"));
        const string Context = "It is in the north of the country.";
        JsonElement asked = Atenea.Run("predict", model, "--question", "Where is it?", "--text", Context, "--json").Json;
        string answer = asked.GetProperty("answer").GetString()!;
        Assert.Equal(Context[asked.GetProperty("start").GetInt32()..asked.GetProperty("end").GetInt32()], answer);
        string file = _folder.Write("in.jsonl", JsonSerializer.Serialize(new { question = "Where is it?", context = Context }) + "\n");
        Assert.Equal(answer, Atenea.Run("predict", model, "--input", file).Json.GetProperty("answer").GetString());
        Assert.Equal(3, Atenea.Run("predict", model, "--input", file, "--top-k", "3", "--impossible").Json.GetArrayLength());
        Atenea.Run("predict", model, "--text", Context).AssertRefused("ATN0103");
    }

    [Fact]
    public void Pairs_are_asked_whether_one_follows_the_other_and_how_alike_they_are()
    {
        string model = TinyModel.Write<NextSentencePredictor>(_folder.File("model"));
        JsonElement next = Atenea.Run("predict", model, "--text", "He opened the door.", "--pair", "The room was empty.", "--json").Json;
        double score = next.GetProperty("score").GetDouble();
        Assert.Equal(score > 0.5 ? "is_next" : "not_next", next.GetProperty("label").GetString());
        string file = _folder.Write("in.csv", "a,b\nHe opened the door.,The room was empty.\n");
        JsonElement read = Atenea.Run("predict", model, "--input", file, "--column", "a", "--pair-column", "b").Json;
        Assert.Equal(score, read.GetProperty("score").GetDouble());
        JsonElement alike = Atenea.Run(
            "predict", model, "--task", "sentence-similarity", "--text", "one", "--pair", "one", "--json").Json;
        Assert.Equal(1, alike.GetProperty("score").GetDouble(), 1e-6);
        Atenea.Run("predict", model, "--text", "one", "two", "--pair", "three").AssertRefused("ATN0104");
    }

    [Fact]
    public void Any_labels_and_vectors_of_tokens()
    {
        string model = TinyModel.Write(_folder.File("model"), ["contradiction", "neutral", "entailment"]);
        Outcome outcome = Atenea.Run("predict", model, "--task", "zero-shot-classification",
            "--text", "The battery died.", "--labels", "sports, politics", "hardware", "--json");
        JsonElement answer = outcome.Json;
        Assert.Equal(["hardware", "politics", "sports"],
            answer.GetProperty("labels").EnumerateArray().Select(label => label.GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(1, answer.GetProperty("scores").EnumerateArray().Sum(score => score.GetDouble()), 1e-9);
        JsonElement vectors = Atenea.Run("predict", model, "--task", "feature-extraction", "--text", "one word", "--json").Json;
        Assert.Equal(4, vectors[0].GetArrayLength());
        Assert.Equal(16, vectors[0][0].GetArrayLength());
    }

    [Fact]
    public void Tasks_and_options_that_do_not_exist_or_do_not_fit_are_refused()
    {
        string model = TinyModel.Write<MaskedLanguageModel>(_folder.File("model"));
        Atenea.Run("predict", model, "--task", "translation", "--text", "x").AssertRefused("ATN0103");
        Outcome conflict = Atenea.Run("predict", model, "--text", "[MASK]", "--labels", "x");
        conflict.AssertRefused("ATN0104");
        Assert.Contains("zero-shot-classification", conflict.Error, StringComparison.Ordinal);
        Atenea.Run("predict", model, "--task", "ner", "--text", "x").AssertRefused("ATN0551");
    }
}

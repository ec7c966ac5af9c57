using System.Text;
using System.Text.Json;

namespace Atenea.Pipelines.Tests;

public class AnswerJsonTests
{
    private static readonly string[] Labels = ["bad", "good", "fine"];

    [Fact]
    public void A_class_comes_with_all_probabilities() => AssertJson(
        """{"label":"good","score":0.5,"probabilities":{"bad":0.25,"good":0.5,"fine":0.25}}""", Classified(ScoreFunction.Softmax));

    [Fact]
    public void Several_classes_hold_above_the_threshold()
    {
        AssertJson(
            """{"label":"good","score":0.5,"labels":[],"probabilities":{"bad":0.25,"good":0.5,"fine":0.25}}""",
            Classified(ScoreFunction.Sigmoid));
        AssertJson(
            """{"label":"good","score":0.5,"labels":["good","bad","fine"],"probabilities":{"bad":0.25,"good":0.5,"fine":0.25}}""",
            Classified(ScoreFunction.Sigmoid, threshold: 0.2));
    }

    [Fact]
    public void A_regression_has_values() => AssertJson(
        """{"label":"good","score":0.5,"values":{"bad":0.25,"good":0.5,"fine":0.25}}""", Classified(ScoreFunction.None));

    [Fact]
    public void The_best_classes_are_a_list() => AssertJson(
        """[{"label":"good","score":0.5},{"label":"bad","score":0.25}]""", Classified(ScoreFunction.Softmax, top: 2));

    [Fact]
    public void Places_of_entities_are_code_points()
    {
        const string Text = "😀 Ana in Madrid";
        AssertJson(
            """[{"entity_group":"PER","score":0.75,"word":"Ana","start":2,"end":5},"""
            + """{"entity":"B-LOC","score":0.5,"index":4,"word":"madrid","start":9,"end":15}]""",
            new TokenClassification(Text, [new("PER", 0.75, "Ana", 3, 6), new("B-LOC", 0.5, "madrid", 10, 16, 4)]));
        AssertJson("[]", new TokenClassification(Text, []));
    }

    [Fact]
    public void One_answer_is_an_object_and_none_or_several_are_a_list()
    {
        Answer here = new(0.5, 3, 7, "here");
        const string Expected = """{"score":0.5,"start":2,"end":6,"answer":"here"}""";
        AssertJson(Expected, new QuestionAnswers("😀 here", [here], new AnswerOptions()));
        AssertJson($"[{Expected}]", new QuestionAnswers("😀 here", [here], new AnswerOptions { Count = 2 }));
        AssertJson("[]", new QuestionAnswers("", [], new AnswerOptions()));
    }

    [Fact]
    public void Words_are_a_list_per_mask()
    {
        MaskFilling word = new(0.5, 7, "day", "a day");
        const string Expected = """[{"score":0.5,"token":7,"token_str":"day","sequence":"a day"}]""";
        AssertJson(Expected, new MaskFillings([[word]]));
        AssertJson($"[{Expected},{Expected}]", new MaskFillings([[word], [word]]));
    }

    [Fact]
    public void Pairs_candidates_and_vectors_have_the_keys_of_transformers()
    {
        AssertJson("""{"label":"is_next","score":0.75}""", new NextSentence(0.75));
        AssertJson("""{"label":"not_next","score":0.5}""", new NextSentence(0.5));
        AssertJson("""{"score":-0.5}""", new TextSimilarity(-0.5));
        AssertJson("""{"sequence":"x","labels":["a","b"],"scores":[0.75,0.25]}""",
            new ZeroShotClassification("x", ["a", "b"], [0.75, 0.25]));
        AssertJson("[[[1,2.5],[3,4]]]", new TokenFeatures(["a", "b"], [[1, 2.5f], [3, 4]]));
    }

    private static TextClassification Classified(ScoreFunction function, double threshold = 0.5, int? top = null) =>
        new(new ClassificationForm(Labels, function, 1, threshold, top), [0.25f, 0.5f, 0.25f], tokens: 4, truncatedTokens: 0);

    private static void AssertJson(string expected, IAnswer answer)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream)) answer.WriteTo(json);
        Assert.Equal(expected, Encoding.UTF8.GetString(stream.ToArray()));
    }
}
